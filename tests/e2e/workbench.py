"""The command line as a child process, with tools of our choosing beside its interpreter."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOOLS = ("ruff", "mypy", "bandit", "ty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command line ended.

    Attributes:
        code: its exit code.
        out: what it printed.
        err: what it said on standard error.
    """

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON document it printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def node(self, name: str) -> dict[str, Any]:
        """The row of a node in its document."""
        return next(row for row in self.report["nodes"] if row["name"] == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """An interpreter whose neighbours are the real tools, or a stand-in for one of them."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, stand_ins: Mapping[str, str | None] | None = None) -> "Workbench":
        """Set it up; a stand-in is a shell script, None removes the tool."""
        folder.mkdir()
        (folder / "python").symlink_to(Path(sys.executable).resolve())
        for tool in TOOLS:
            (folder / tool).symlink_to(cls.real(tool))
        for tool, script in (stand_ins or {}).items():
            (folder / tool).unlink()
            if script is not None:
                (folder / tool).write_text(f"#!/bin/sh\n{script}\n")
                (folder / tool).chmod(0o755)
        return cls(folder=folder)

    def start(
        self, *arguments: str, cwd: Path = ROOT, secrets: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start the command line and leave it running, with secrets in its environment."""
        return subprocess.Popen(
            [str(self.folder / "python"), "-m", "reviewbot", *arguments],
            cwd=cwd,
            env={**self._environment(), **(secrets or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self, *arguments: str, cwd: Path = ROOT, secrets: Mapping[str, str] | None = None
    ) -> Ended:
        """Run the command line to its end."""
        with self.start(*arguments, cwd=cwd, secrets=secrets) as process:
            return self.ended(process)

    @staticmethod
    def real(tool: str) -> Path:
        """The tool that is installed with the project."""
        return Path(sys.executable).parent / tool

    @staticmethod
    def ended(process: subprocess.Popen[bytes]) -> Ended:
        """Wait for a started command line."""
        out, err = process.communicate()
        return Ended(
            code=process.returncode,
            out=out.decode("utf-8", "replace"),
            err=err.decode("utf-8", "replace"),
        )

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - coverage of children needs its own
            if name.startswith(("COV", "COVERAGE"))
        }
        return {
            **kept,
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join((str(ROOT), sysconfig.get_path("purelib"))),
        }
