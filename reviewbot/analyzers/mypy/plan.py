"""What mypy is asked about a tree: which files, under which names, and what it is not asked."""

import json
import sys
from collections.abc import Collection, Iterable, Iterator
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.analyzers.code.selection import is_python, is_text
from reviewbot.analyzers.code.targets import (
    ROOTS,
    Layout,
    below,
    default_layout,
    in_runs,
    is_skipped,
    namesakes,
    packages,
    stub_of,
    top_levels,
)
from reviewbot.analyzers.mypy.check import Side
from reviewbot.analyzers.mypy.configuration import Configuration, Value
from reviewbot.errors import ToolCrashed
from reviewbot.process import Command, Limits, Programs
from reviewbot.review.analysis import Tree

_PROGRAM = str(Path(__file__).with_name("excluded.py"))
_YES = frozenset(word for word, means in RawConfigParser.BOOLEAN_STATES.items() if means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked about one tree, and what becomes of the changed files that are not in it.

    Attributes:
        side: the question.
        excluded: changed files that the configuration leaves out.
        unfit: changed file → why mypy cannot be asked about it.
        own: top-level names of the modules in the question.
    """

    side: Side
    excluded: tuple[str, ...]
    unfit: dict[str, str]
    own: frozenset[str]


def layout_of(rules: Configuration, files: Collection[str]) -> Layout:
    """How paths become module names under a configuration, the same for both trees.

    Args:
        rules: the configuration.
        files: paths of both trees together.
    """
    found = default_layout(files)
    search = rules.options.get("mypy_path", [])
    bases = tuple(search) if isinstance(search, list) else ()
    explicit = found.explicit or _is_true(rules.options.get("explicit_package_bases"))
    return Layout(
        explicit=explicit,
        bases=tuple(dict.fromkeys((*bases, *found.bases))) if found.explicit else bases,
        namespaces=explicit or _is_true(rules.options.get("namespace_packages", True)),
    )


def layout_options(layout: Layout) -> dict[str, Value]:
    """The options that make mypy name modules as the layout does."""
    if not layout.explicit:
        return {}
    return {
        "explicit_package_bases": True,
        "namespace_packages": True,
        "mypy_path": list(layout.bases),
    }


def plan(
    tree: Tree,
    rules: Configuration,
    layout: Layout,
    changed: Collection[str],
    excluded: Collection[str],
) -> Plan:
    """Decide what to ask about a tree.

    The files are those the configuration names, else all packages, else everything; and the
    changed files outside of them. A source beside its stub is not asked about: mypy reads the
    stub alone.

    Args:
        tree: one side of the change.
        rules: the configuration.
        layout: how modules are named.
        changed: the changed files of this side.
        excluded: all files of the tree that the configuration leaves out.
    """
    files = frozenset(path for path in tree.files if is_python(path) and is_text(path))
    fit = [path for path in (*_targets(tree, files, rules, changed), *changed) if path in files]
    asked = [path for path in fit if path not in excluded and not stub_of(path, files)]
    runs = in_runs(asked, changed, files, layout)
    reached = {path for run in runs for path in run}
    hidden = [path[:-1] for path in changed if stub_of(path[:-1], files) == path]
    left = [path for path in (*changed, *hidden) if path not in {*reached, *excluded}]
    return Plan(
        side=Side(
            root=tree.root,
            files=frozenset(tree.files),
            runs=runs,
            suspects=tuple(path for path in changed if path in reached),
            namesakes=namesakes(runs[0] if runs else (), files, layout),
        ),
        excluded=tuple(path for path in changed if path in excluded),
        unfit={path: _unfit(path, files) for path in left},
        own=top_levels(reached, files, layout),
    )


async def excluded_paths(
    programs: Programs, patterns: Collection[str], paths: Iterable[str]
) -> frozenset[str]:
    """The paths that the ``exclude`` patterns of a configuration leave out.

    Raises:
        ToolError: a pattern is no regular expression, or takes for ever.
    """
    if not patterns:
        return frozenset()
    python = [path for path in paths if is_python(path)]
    command = Command(
        argv=(sys.executable, "-I", "-S", _PROGRAM),
        cwd="/",
        stdin=json.dumps({"patterns": list(patterns), "paths": python}).encode(),
        limits=Limits(seconds=2),
    )
    completed = await programs.run(command)
    if completed.returncode:
        raise ToolCrashed("mypy: a pattern of exclude is no regular expression")
    found = parse_json(completed.stdout, list[str], tool="exclude")
    return frozenset(found)


def _targets(
    tree: Tree, files: Collection[str], rules: Configuration, changed: Iterable[str]
) -> tuple[str, ...]:
    named = [*_globbed(tree.root, rules.targets), *_modules(files, rules)]
    found = below(files, named) + tuple(path for path in named if path in files)
    directories = packages(files)
    if not found and not directories:
        found = (*changed, *sorted(files))  # the changed ones first: they get the better name
    return tuple(
        path for path in found or below(files, directories) if not is_skipped(path) or named
    )


def _globbed(root: str, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        clean = pattern.removeprefix("./").rstrip("/")
        if clean in {"", "."}:
            yield ""
        else:
            yield from sorted(each.relative_to(root).as_posix() for each in Path(root).glob(clean))


def _modules(files: Collection[str], rules: Configuration) -> Iterator[str]:
    for module in rules.target_modules:
        for root in ROOTS:
            start = f"{root}/" if root else ""
            path = start + module.replace(".", "/")
            yield from (each for each in (f"{path}.py", f"{path}.pyi") if each in files)
            if below(files, [path]):
                yield path


def _unfit(path: str, files: Collection[str]) -> str:
    stub = stub_of(path, files)
    if stub is not None:
        return f"its stub {stub} is checked instead"
    return "mypy cannot name it: a directory is no identifier, or its name is taken"


def _is_true(value: Value | None) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in _YES)
