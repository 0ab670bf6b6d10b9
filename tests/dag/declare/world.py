"""A small world to declare graphs in: a change, analyses of it, and who works on them."""

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Literal

from reviewbot.dag.context import Context
from reviewbot.dag.declare.load import Declared, load
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.error import GraphError
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.retry import Answer, Stop, Tried
from reviewbot.dag.run import Outcome


class Level(StrEnum):
    """How bad."""

    FINE = "fine"
    BLOCKED = "blocked"


class Colour(Enum):
    """A plain enumeration: its members are no texts."""

    RED = 1
    BLUE = 2


class ToolCrashed(Exception):
    """A tool fell over."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is reviewed."""

    title: str = "a change"
    added_lines: int = 30
    hunks: tuple[str, ...] = ("one", "two")
    author: str | None = None


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What was found."""

    count: int = 0
    level: Level = Level.FINE
    colour: Colour = Colour.RED
    size: Literal["small", "big"] = "small"
    names: tuple[str, ...] = ()
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.count

    def secret(self) -> str:
        raise NotImplementedError


async def ruff(change: Change, select: tuple[str, ...] = ("E", "F"), limit: int = 10) -> Analysis:
    count = min(len(select) * len(change.title.split()), limit)
    return Analysis(count=count, names=select)


async def mypy(change: Change) -> Analysis:
    if change.title == "crash":
        raise ToolCrashed("segmentation fault")
    return Analysis(count=1, names=("arg-type",))


async def patterns(change: Change) -> Analysis:
    return Analysis(count=len(change.title))


def hunks(change: Change) -> tuple[str, ...]:
    return change.hunks


async def ask(hunk: str, context: Context, question: str = "why?") -> str:
    return f"{question} {hunk} ({context.node})"


async def merge(**parts: Outcome[Analysis]) -> Analysis:
    count = sum(part.value.count for part in parts.values() if part.value)
    return Analysis(count=count, level=Level.BLOCKED if count > 3 else Level.FINE)


async def both(lint: Analysis, types: Analysis | None) -> int:
    return lint.count + (types.count if types else 0)


async def act(merge: Analysis) -> str:
    return f"acted on {merge.count}"


async def tell(text: str) -> str:
    return text.upper()


def asking(tried: Tried) -> Answer:
    return Stop(tried.node)


def estimate(**arguments: Any) -> dict[str, float]:
    return {"usd": 0.01 * len(arguments)}


def classify(error: Exception) -> FailureKind:
    return FailureKind.FLAKY if str(error) else FailureKind.UNKNOWN


def non_empty(value: Any) -> bool:
    return bool(value)


def empty(error: Exception) -> Analysis:
    return Analysis(names=(str(error),))


def is_big(change: Change) -> bool:
    """The change is big."""
    return change.added_lines > 20


def first_letter(value: Any) -> str:
    return str(value)[:1]


def coloured(merge: Analysis) -> Colour:
    return merge.colour


REGISTRY = Registry(
    kinds={one.__name__: one for one in (ruff, mypy, patterns, hunks, ask, merge, both, act, tell)},
    types={"Change": Change, "Analysis": Analysis},
    errors={"ToolCrashed": ToolCrashed},
    functions={
        one.__name__: one
        for one in (asking, estimate, classify, non_empty, empty, is_big, first_letter, coloured)
    },
)


def declared(text: str, **options: Any) -> Declared:
    """The document under the usual first lines, so that its own begin in line 3."""
    return load(f"version: 1\ninputs: {{change: Change}}\n{text}", REGISTRY, **options)


def problems(text: str, **options: Any) -> list[str]:
    """What is wrong with a document, without the name of its file."""
    try:
        declared(text, **options)
    except GraphError as error:
        return [problem.removeprefix("graph.yml:") for problem in error.problems]
    return []
