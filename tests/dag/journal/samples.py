"""Values of every kind that a journal writes, and how to draw them."""

import socket
from abc import ABC
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Protocol,
    TypedDict,
    TypeVar,
)
from uuid import UUID

from hypothesis import strategies as st

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.items import Group, Item, Items
from reviewbot.dag.run import Attempt, Outcome, Status

T = TypeVar("T")
Name = NewType("Name", str)
Socket = socket.socket


class Level(Enum):
    LOW = "low"
    HIGH = (2, "high")


class Word(StrEnum):
    A = "a"


class Number(IntEnum):
    ONE = 1


class Pair(NamedTuple):
    left: int
    right: Path


class Options(TypedDict):
    name: str
    size: NotRequired[Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    path: Path
    line: int
    level: Level = Level.LOW
    tags: frozenset[str] = frozenset()
    extra: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precise(Finding):
    column: int


@dataclass(frozen=True)
class Tree:
    name: str
    children: tuple["Tree", ...] = ()
    double: int = field(init=False)

    def __post_init__(self) -> None:
        if self.name == "bad":
            raise ValueError("a tree is not called bad")
        object.__setattr__(self, "double", 2 * len(self.name))


@dataclass(frozen=True)
class Box(Generic[T]):
    content: T
    others: Mapping[str, tuple[T, ...]]


class Shape(ABC):  # noqa: B024 - a base that says nothing is what is wanted
    """A class that stands for those below it."""


@dataclass(frozen=True)
class Circle(Shape):
    radius: float


@dataclass(frozen=True)
class Square(Shape):
    side: float


class Speaks(Protocol):
    def speak(self) -> str: ...


@dataclass(frozen=True)
class Dog(Speaks):
    name: str

    def speak(self) -> str:
        return self.name


@dataclass(frozen=True)
class Connected:
    name: str
    socket: Socket | None = None


texts = st.text(max_size=4) | st.sampled_from(["", "$tuple", "$class", "\udcff", "\x00", "ä"])
findings = st.builds(
    Finding,
    path=st.sampled_from([Path("a.py"), Path("src/ä b.py"), Path("\udcff.py")]),
    line=st.integers(),
    level=st.sampled_from(Level),
    tags=st.frozensets(texts, max_size=3),
    extra=st.dictionaries(texts, st.lists(st.integers(), max_size=2).map(tuple), max_size=2),
    fix=st.none() | texts,
)
trees = st.recursive(
    st.builds(Tree, st.sampled_from(["x", "yy"])),
    lambda below: st.builds(
        Tree, st.sampled_from(["x", "yy"]), st.lists(below, max_size=2).map(tuple)
    ),
    max_leaves=5,
)
floats = st.floats(allow_nan=False)
moments = st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-3))]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | floats | texts | st.binary(max_size=3) | moments,
    lambda below: (
        st.lists(below, max_size=3)
        | st.lists(below, max_size=3).map(tuple)
        | st.dictionaries(texts | st.integers(), below, max_size=3)
        | st.frozensets(texts | st.integers(), max_size=3)
    ),
    max_leaves=6,
)
attempts = st.builds(
    Attempt, number=st.integers(1, 3), by=texts, started=floats, seconds=floats, error=texts
)


def outcomes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Outcome[Any]]:
    return st.builds(
        Outcome,
        node=texts,
        status=st.sampled_from(Status),
        value=st.none() | values,
        reason=texts,
        attempts=st.lists(attempts, max_size=2).map(tuple),
        started=floats,
        kind=st.none() | st.sampled_from(FailureKind),
        spent=st.dictionaries(texts, floats, max_size=2),
    )


VALUES: Mapping[Any, st.SearchStrategy[Any]] = {
    None: st.none(),
    bool: st.booleans(),
    int: st.integers(),
    float: floats | st.integers(),
    str: texts,
    bytes: st.binary(max_size=5),
    complex: st.complex_numbers(allow_nan=False),
    Path: st.sampled_from([Path(), Path("/a/b"), Path("ä\udcff")]),
    PurePosixPath: st.just(PurePosixPath("a/b")),
    PureWindowsPath: st.just(PureWindowsPath("C:\\a")),
    datetime: moments,
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(),
    Decimal: st.decimals(allow_nan=False),
    Fraction: st.fractions(),
    UUID: st.uuids(),
    Level: st.sampled_from(Level),
    Name: texts,
    Annotated[int, "seconds"]: st.integers(),
    Literal[1, True, "a", Level.HIGH] | None: st.sampled_from([1, True, "a", Level.HIGH, None]),
    tuple[int, ...]: st.lists(st.integers(), max_size=3).map(tuple),
    tuple[int, Path]: st.tuples(st.integers(), st.just(Path("a"))),
    tuple[()]: st.just(()),
    list[Finding]: st.lists(findings, max_size=2),
    Sequence[int]: st.lists(st.integers(), max_size=3)
    | st.lists(st.integers(), max_size=3).map(tuple),
    set[Level]: st.sets(st.sampled_from(Level)),
    AbstractSet[tuple[int, str]]: st.frozensets(st.tuples(st.integers(), texts), max_size=3),
    dict[str, Finding]: st.dictionaries(texts, findings, max_size=2),
    Mapping[tuple[int, int], Path]: st.dictionaries(
        st.tuples(st.integers(), st.integers()), st.just(Path("a")), max_size=2
    ),
    Mapping[Name, Finding | None]: st.dictionaries(texts, st.none() | findings, max_size=2),
    Pair: st.builds(Pair, st.integers(), st.just(Path("b"))),
    Options: st.sampled_from([{"name": "a"}, {"name": "a", "size": Path("b")}]),
    Finding: findings | st.just(Precise(path=Path("a"), line=1, column=2)),
    Tree: trees,
    Box[Path]: st.just(Box(Path("a"), {"x": (Path("b"),)})),
    Box[Box[int]]: st.just(Box(Box(1, {}), {"x": (Box(2, {"y": (3,)}),)})),
    Shape: st.sampled_from([Circle(1.0), Square(2.0)]),
    Speaks: st.just(Dog("rex")),
    int | str | None: st.none() | st.integers() | texts,
    float | int: floats | st.integers(),
    Path | str: st.just(Path("a")) | texts,
    str | Word: texts | st.just(Word.A),
    int | Number | bool: st.integers() | st.just(Number.ONE) | st.booleans(),
    Circle | Square | None: st.sampled_from([None, Circle(1.0), Square(1.0)]),
    list[int] | list[str] | tuple[int, ...]: st.sampled_from([[], [1], ["a"], (), (1,)]),
    Mapping[str, int] | list[tuple[str, int]]: st.sampled_from([{"a": 1}, [("a", 1)], {}, []]),
    tuple[Finding | Tree, ...] | None: st.lists(findings | trees, max_size=2).map(tuple),
    Any: plain,
    object: plain,
    list[Any]: st.lists(plain, max_size=2),
    Group[Finding]: st.builds(
        Group,
        key=texts,
        members=st.lists(findings, max_size=2).map(tuple),
        sources=st.lists(texts, max_size=2).map(tuple),
    ),
    Outcome[Finding]: outcomes(findings),
    Items[Finding]: st.lists(
        st.builds(Item, key=texts, id=texts, outcome=outcomes(findings)), max_size=2
    ).map(lambda each: Items(tuple(each))),
}
