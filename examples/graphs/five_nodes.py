"""The kinds of nodes that five_nodes.yml names, and how it is run: `python five_nodes.py`."""  # noqa: INP001 - an example is no package

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import anyio

from reviewbot.dag import Context, Items, Outcome, Run, run
from reviewbot.dag.declare.load import Declared, load
from reviewbot.dag.declare.registry import Registry

DOCUMENT = Path(__file__).with_suffix(".yml")


class ToolCrashed(Exception):
    """A tool ended in a way that another attempt may mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is reviewed."""

    title: str
    lines: tuple[str, ...]

    @property
    def added_lines(self) -> int:
        """How many lines it adds."""
        return len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What one node found."""

    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What all found together."""

    count: int
    verdict: Literal["blocked", "fine"]
    missing: tuple[str, ...] = ()


async def rules(change: Change, select: tuple[str, ...]) -> Analysis:
    """Lines that break one of the rules `select`; a change without a title breaks the tool."""
    if not change.title:
        raise ToolCrashed("no title")
    words = {"E": "print(", "F": "import *"}
    found = [line for line in change.lines if any(words[rule] in line for rule in select)]
    return Analysis(findings=tuple(found))


async def patterns(change: Change) -> Analysis:
    """The same with less insight: what answers when `rules` cannot."""
    return Analysis(findings=tuple(line for line in change.lines if "print(" in line))


async def types(change: Change) -> Analysis:
    """Lines that define something without saying of which type."""
    found = [line for line in change.lines if line.startswith("def ") and "->" not in line]
    return Analysis(findings=tuple(found))


def hunks(change: Change) -> tuple[str, ...]:
    """The change in pieces."""
    return change.lines


async def explain(hunk: str, lint: Analysis | None, question: str, context: Context) -> str:
    """A question about one hunk, if the linter had something to say about it."""
    context.spend(usd=0.01)
    is_suspect = lint is not None and hunk in lint.findings
    return f"{question} {hunk}" if is_suspect else ""


async def merge(
    lint: Outcome[Analysis], types: Outcome[Analysis], explain: Outcome[Items[str]]
) -> Review:
    """One review of whatever came; what is missing is named."""
    found = [line for one in (lint, types) if one.value for line in one.value.findings]
    missing = tuple(str(one) for one in (lint, types, explain) if not one.ok)
    return Review(count=len(found), verdict="blocked" if found else "fine", missing=missing)


async def say(title: str, words: str) -> str:
    """What is written on the pull request."""
    return f"{title}, {words}"


REGISTRY = Registry(
    kinds={
        "rules": rules,
        "patterns": patterns,
        "types": types,
        "hunks": hunks,
        "explain": explain,
        "merge": merge,
        "say": say,
    },
    types={"Change": Change},
    errors={"ToolCrashed": ToolCrashed},
)


def declared() -> Declared:
    """The document as a graph, with the options of its run."""
    return load(DOCUMENT.read_text(encoding="utf-8"), REGISTRY, name=DOCUMENT.name)


async def reviewed(change: Change) -> Run:
    """The graph run for one change."""
    found = declared()
    return await run(found.graph, {"change": change}, found.options)


if __name__ == "__main__":
    CHANGE = Change(title="Speed", lines=("def f():", "    print(1)", "    return 2", "x = f()"))
    for outcome in anyio.run(reviewed, CHANGE).outcomes.values():
        print(outcome)  # noqa: T201 - a demo
