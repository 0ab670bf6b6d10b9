"""What ruff, mypy and bandit say about both sides of a change, asked in the slowest, simplest way.

Both trees are checked out, the configuration files of the base are copied over those of the head,
and every tool runs cold: ruff and bandit on the changed files (bandit not on tests), mypy on what
the configuration names, else all packages, and the changed files. No project is installed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewbot.analyzers.code.selection import is_python, is_test
from reviewbot.analyzers.mypy.configuration import read_configuration
from reviewbot.analyzers.mypy.plan import layout_of, layout_options
from reviewbot.analyzers.ruff.configuration import default
from reviewbot.review.analysis import Tree

SCRIPTS = Path(sys.executable).parent
CONFIGURATIONS = (
    *("pyproject.toml", "ruff.toml", ".ruff.toml", "setup.cfg", "mypy.ini", ".mypy.ini"),
    *(".bandit", "bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml"),
)
NUMBER = re.compile(r"\b\d+\b")
# What missing packages alone bring, under mypy's own names.
NOISE = re.compile(r"import-untyped|unused-ignore|untyped-decorator|no-any-.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One finding, as far as the oracle looks at it; ``source`` is stripped."""

    tool: str
    rule: str
    message: str
    path: str
    line: int
    source: str

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two findings one, wherever they stand."""
        return (self.tool, self.rule, NUMBER.sub("#", self.message), self.source)

    @property
    def place(self) -> tuple[str, str, str, int]:
        """What makes a finding of the oracle the same as one of the review."""
        return (self.tool, self.rule, self.path, self.line)


class Incomparable(Exception):
    """A tool of the oracle, or the review itself, did not come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """Both trees on disk, and how every tool is asked about either."""

    trees: Mapping[str, Path]
    files: Mapping[str, Sequence[str]]
    options: Sequence[object]
    own: frozenset[str]

    @classmethod
    def of(cls, scratch: Path, base: str, head: str, folder: Path) -> "Oracle":
        """Check both sides out; the head gets the configuration files of the base."""
        trees = {"base": folder / "base", "head": folder / "head"}
        for side, commit in (("base", base), ("head", head)):
            checked_out(scratch, commit, trees[side])
        for path in {*configured(trees["base"]), *configured(trees["head"])}:
            (trees["head"] / path).unlink(missing_ok=True)
            if (trees["base"] / path).is_file():
                (trees["head"] / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(trees["base"] / path, trees["head"] / path)
        names = git(scratch, "diff", "--name-status", "-M", "-z", base, head).split("\0")
        files = {
            side: [path for path in dict.fromkeys(names) if is_python(path) and there(tree / path)]
            for side, tree in trees.items()
        }
        inside = {side: tuple(everything(tree)) for side, tree in trees.items()}
        rules = read_configuration(
            Tree(root=str(trees["base"]), commit=None, files=dict.fromkeys(inside["base"], ""))
        )
        layout = layout_of(rules, {path for side in inside.values() for path in side})
        version = rules.options.get("python_version", "3.11")
        settings = folder / "mypy.toml"
        settings.write_text(rules.written(python_version=version, **layout_options(layout)))
        named = [each for one in rules.targets for each in trees["base"].glob(one.rstrip("/"))]
        named += [path for each in rules.target_modules for path in homes(trees["base"], each)]
        asked = named or packages(trees["base"])
        return cls(
            trees=trees,
            files=files,
            options=(
                *("--config-file", settings, "--no-site-packages", "--cache-dir", os.devnull),
                *(flag for each in rules.exclude for flag in ("--exclude", each)),
                *("--", *(f"./{each.relative_to(trees['base'])}" for each in asked)),
            ),
            own=frozenset(each.stem for each in packages(trees["base"])),
        )

    def said(self, side: str) -> list[Said]:
        """Everything the three tools say about one side."""
        tree, files = self.trees[side], self.files[side]
        scanned = [path for path in files if not is_test(path)]
        found = [*self._ruff(tree, files), *self._bandit(tree, scanned), *self._mypy(tree, files)]
        return sorted(found, key=lambda each: (each.path, each.line, each.tool, each.rule))

    def _ruff(self, tree: Path, files: Sequence[str]) -> Iterator[Said]:
        rules: tuple[object, ...] = ("--force-exclude",)
        if not any(ruff_speaks(tree / path) for path in configured(tree)):
            # A project that never chose gets the product's own choice of rules.
            Path(tree.parent, "ruff").mkdir(exist_ok=True)
            own = Path(tree.parent, "ruff", "pyproject.toml")
            own.write_text(default(requires_python(tree)).documents[0])
            rules = ("--config", own)
        command = (*("ruff", "check", "--no-cache", "--no-fix", "-q"), *rules)
        command = (*command, "--output-format", "json", "--", *relative(files))
        for each in json.loads(output(tree, command)) if files else ():
            path = str(Path(each["filename"]).relative_to(tree.resolve()))
            code = each["code"] or "invalid-syntax"
            yield said(tree, ("ruff", code, each["message"]), path, each["location"]["row"])

    def _bandit(self, tree: Path, files: Sequence[str]) -> Iterator[Said]:
        rules = ("-c", "pyproject.toml") if (tree / "pyproject.toml").exists() else ()
        fixed = ("bandit", "-q", "-f", "json", "--ini", os.devnull, "-x", "")
        answer = output(tree, (*fixed, *rules, "--", *relative(files))) if files else "{}"
        for each in json.loads(answer).get("results", ()):
            words = ("bandit", each["test_id"], each["issue_text"])
            yield said(tree, words, each["filename"], each["line_number"])

    def _mypy(self, tree: Path, files: Sequence[str]) -> Iterator[Said]:
        fixed = ("mypy", "--output", "json", "--no-error-summary", *self.options)
        outside = [each for each in relative(files) if not each.startswith(self._inside)]
        listed = dict.fromkeys((*fixed, *outside))
        for line in output(tree, tuple(listed), good=(0, 1)).splitlines():
            each: Mapping[str, Any] = json.loads(line) if line.startswith("{") else {}
            if each.get("severity") == "error" and not self._is_noise(each):
                words = ("mypy", each["code"] or "mypy", each["message"])
                yield said(tree, words, each["file"], max(each["line"], 0))

    @property
    def _inside(self) -> tuple[str, ...]:
        """Mypy takes no file twice, as itself and as part of its directory."""
        return tuple(f"{each}/" for each in map(str, self.options) if each.startswith("./"))

    def _is_noise(self, each: Mapping[str, Any]) -> bool:
        """What is left out because nothing is installed."""
        code, message = each["code"] or "", each["message"]
        if code == "import-not-found":
            module = message.partition('module named "')[2].partition('"')[0]
            return module.partition(".")[0] not in self.own
        subclass = code in {"misc", "subclass-any"} and 'type "Any"' in message
        return bool(NOISE.fullmatch(code)) or (subclass and "subclass" in message)


def said(tree: Path, words: tuple[str, str, str], path: str, line: int) -> Said:
    """A finding with its source line."""
    name = os.path.normpath(path)
    text = re.split(r"\r\n|\r|\n", (tree / name).read_text(encoding="utf-8", errors="replace"))
    source = text[line - 1].strip() if 0 < line <= len(text) else ""
    tool, rule, message = words
    message = " ".join(message.split())
    return Said(tool=tool, rule=rule, message=message, path=name, line=line, source=source)


def checked_out(scratch: Path, commit: str, tree: Path) -> None:
    """A tree on disk."""
    tree.mkdir()
    git(scratch, f"--work-tree={tree}", "read-tree", commit)
    git(scratch, f"--work-tree={tree}", "checkout-index", "--all", "--force")


def everything(tree: Path) -> Iterator[str]:
    """All files below a directory."""
    return (str(each.relative_to(tree)) for each in tree.rglob("*") if there(each))


def there(path: Path) -> bool:
    """Whether it is a file and no link."""
    return path.is_file() and not path.is_symlink()


def configured(tree: Path) -> list[str]:
    """The configuration files of a tree."""
    return [path for path in everything(tree) if Path(path).name in CONFIGURATIONS]


def ruff_speaks(path: Path) -> bool:
    """Whether a configuration file chooses ruff's rules."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return path.name.endswith("ruff.toml") or "[tool.ruff" in text


def requires_python(tree: Path) -> str:
    """What the project says of itself."""
    path = tree / "pyproject.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return str(document.get("project", {}).get("requires-python", ""))


def packages(tree: Path) -> list[Path]:
    """The top-level packages, at the root or below the usual directories."""
    roots = [tree, tree / "src", tree / "lib", tree / "python"]
    return [each.parent for root in roots for each in sorted(root.glob("*/__init__.py"))]


def homes(tree: Path, module: str) -> list[Path]:
    """Where a module stands."""
    name = module.replace(".", "/")
    return [each for root in (tree, tree / "src") for each in root.glob(f"{name}*") if there(each)]


def relative(files: Iterable[str]) -> list[str]:
    """No file name is taken for an option."""
    return [f"./{path}" for path in files]


def output(cwd: Path, command: Sequence[object], good: Sequence[int] = (0, 1)) -> str:
    """What a tool prints.

    Raises:
        Incomparable: it ended with something else than its answer.
    """
    script, *arguments = map(str, command)
    home = cwd.parent / "home"
    done = subprocess.run(
        [str(SCRIPTS / script), *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home)},  # noqa: TID251 - a benchmark is a front door
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode not in good:
        raise Incomparable(f"{script} {done.returncode}: {(done.stderr or done.stdout)[:300]!r}")
    return done.stdout


def git(clone: Path, *arguments: str, **environment: str) -> str:
    """What git says."""
    return subprocess.run(
        ["git", "-C", str(clone), *arguments],
        env={**os.environ, **environment},  # noqa: TID251 - a benchmark is a front door
        capture_output=True,
        check=True,
        text=True,
        errors="surrogateescape",
    ).stdout.strip()
