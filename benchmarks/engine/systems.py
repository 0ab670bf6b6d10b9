"""The systems that are compared, and how one of them is asked for a figure in its own process."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

VERSIONS = """
import importlib.metadata as metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One row of the tables.

    `distribution` is what has to be installed, empty when the standard library is enough; `loads`
    is what a program has to import to run a graph. `shapes` are all of those it is measured on,
    when it is not measured on every one; `parts` likewise. An `extra` one has to be asked for.
    """

    name: str
    module: str
    distribution: str = ""
    loads: str = ""
    variant: str = ""
    shapes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("cost", "makespan", "failure")
    extra: bool = False

    def takes_part(self, part: str, shape: str = "") -> bool:
        """Whether there is a figure of it."""
        return part in self.parts and (not shape or not self.shapes or shape in self.shapes)


SYSTEMS = (
    System(name="bare anyio", module="bare", distribution="anyio", parts=("cost",)),
    System(name="reviewbot", module="ours", distribution="anyio", loads="reviewbot.dag.runner"),
    System(name="reviewbot, plain", module="ours", distribution="anyio", variant="plain"),
    *(
        System(
            name=f"reviewbot, {variant}",
            module="ours",
            distribution="anyio",
            variant=variant,
            shapes=("chain 100", "fan 1000"),
            parts=("cost",),
        )
        for variant in ("heard", "memory", "journal")
    ),
    System(name="graphlib queue", module="sorter", loads="asyncio, graphlib"),
    System(name="graphlib waves", module="sorter", variant="waves"),
    System(
        name="synapsekit",
        module="synapsekit",
        distribution="synapsekit",
        loads="synapsekit.graph",
    ),
    System(
        name="hamilton",
        module="hamilton",
        distribution="sf-hamilton",
        loads="hamilton.async_driver",
    ),
    System(name="haystack", module="haystack", distribution="haystack-ai", loads="haystack"),
    System(
        name="pydantic-graph",
        module="pydantic_graph",
        distribution="pydantic-graph",
        loads="pydantic_graph",
    ),
    System(name="langgraph", module="langgraph", distribution="langgraph", loads="langgraph.graph"),
    System(
        name="prefect",
        module="prefect",
        distribution="prefect",
        loads="prefect",
        shapes=("chain 100", "skewed", "review", "broken"),
        extra=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The interpreter that has the peers, and how often each figure is taken."""

    python: str = sys.executable
    rounds: int = 7
    patience: float = 900.0

    def versions(self, distributions: Iterable[str]) -> Mapping[str, str]:
        """What is installed there, by name of the distribution; what is not is missing."""
        asked = sorted({name for name in distributions if name})
        found: dict[str, str] = json.loads(self.output("-c", VERSIONS, *asked))
        return found

    def ask(self, system: System, part: str, shape: str) -> Any:  # noqa: ANN401 - decoded JSON
        """One figure of a system, a text when there is none."""
        arguments = (system.variant, part, shape, "--rounds", str(self.rounds))
        try:
            return json.loads(self.output("-m", f"benchmarks.peers.{system.module}", *arguments))
        except subprocess.TimeoutExpired:
            return f"> {self.patience:.0f} s"
        except subprocess.CalledProcessError as error:
            return (error.stderr.strip().splitlines() or [f"exit {error.returncode}"])[-1][:80]

    def output(self, *arguments: str) -> str:
        """What a program of that interpreter prints in its last line.

        Raises:
            subprocess.CalledProcessError: it failed.
            subprocess.TimeoutExpired: it took longer than anybody wants to wait.
        """
        with tempfile.TemporaryDirectory(prefix="engine-") as home:
            done = subprocess.run(
                [self.python, *arguments],
                cwd=ROOT,
                env=quiet(home),
                timeout=self.patience,
                capture_output=True,
                check=True,
                text=True,
            )
        return done.stdout.strip().rpartition("\n")[2]


def quiet(home: str) -> dict[str, str]:
    """An environment in which nobody phones home or logs."""
    return {
        "HOME": home,
        "PATH": "/usr/bin:/bin",
        "DO_NOT_TRACK": "1",
        "HAMILTON_TELEMETRY_ENABLED": "false",
        "HAYSTACK_TELEMETRY_ENABLED": "false",
        "LANGSMITH_TRACING": "false",
        "PREFECT_HOME": home,
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
    }
