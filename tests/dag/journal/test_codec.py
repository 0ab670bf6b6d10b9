"""What is written by an annotation is read back equal; what cannot be is refused with its place."""

import json
import socket
from abc import ABC
from collections.abc import Callable, Mapping, Sequence
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

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.items import Group, Item, Items
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.scalar import RecordedError
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.codec.text import decoded, dumped, encoded, loaded
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


def exact(value: object) -> object:
    """The value with its types: 1, True and 1.0 differ, and so do a list and a tuple."""
    if isinstance(value, Mapping):
        return {(type(key), key): exact(part) for key, part in value.items()}
    if type(value) in {list, tuple}:
        return (type(value), tuple(map(exact, value)))  # type: ignore[call-overload] # as tested
    return (type(value), value) if isinstance(value, (bool, int, float, str)) else value


@pytest.mark.parametrize("annotation", VALUES, ids=str)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back_equal(annotation: Any, data: st.DataObject) -> None:
    value = data.draw(VALUES[annotation])
    shape = shape_of(annotation)
    text = dumped(encoded(value, shape))
    assert text.isascii()
    back = decoded(loaded(text), shape)
    assert back == value
    if annotation is not Tree:
        assert exact(back) == exact(value)


def test_a_text_does_not_depend_on_the_order_of_a_set() -> None:
    shape = shape_of(frozenset[str])
    assert encoded(frozenset("cab"), shape) == encoded(frozenset("bac"), shape) == ["a", "b", "c"]


def test_text_is_what_a_person_would_write() -> None:
    finding = Finding(path=Path("a.py"), line=3, level=Level.HIGH, tags=frozenset({"b", "a"}))
    assert encoded((finding,), shape_of(tuple[Finding, ...])) == [
        {
            "path": "a.py",
            "line": 3,
            "level": "HIGH",
            "tags": ["a", "b"],
            "extra": {},
            "fix": None,
        }
    ]


def deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(100_000):
        found = [found]
    return found


UNWRITABLE: tuple[tuple[Any, Callable[[Socket], Any], str], ...] = (
    (
        list[Connected],
        lambda one: [Connected("a"), Connected("b", one)],
        "list[1].socket is a socket",
    ),
    (Any, lambda one: [1, {"a": (one,)}], "list[1]['a'][0] is a socket, and no annotation says so"),
    (Any, lambda _: Tree("x"), "Tree is a Tree, and no annotation says so"),
    (Socket, lambda one: one, "socket is a socket"),
    (
        Callable[[], int],
        lambda _: len,
        "builtin_function_or_method is a builtin_function_or_method, Callable is promised",
    ),
    (int | str, lambda _: 1.5, "float is a float, int | str is promised"),
    (tuple[int, ...], lambda _: (1, "a"), "tuple[1] is a str, int is promised"),
    (tuple[int, int], lambda _: (1,), "tuple has 1 parts, tuple[int, int] is promised"),
    (Mapping[str, int], lambda _: {"a": "b"}, "dict['a'] is a str, int is promised"),
    (Finding, lambda _: Tree("x"), "Tree is a Tree, Finding is promised"),
    (Level, lambda _: "LOW", "str is a str, Level is promised"),
    (Any, lambda _: deep(), "list is nested too deeply or contains itself"),
)


@pytest.mark.parametrize(("annotation", "make", "said"), UNWRITABLE, ids=range(len(UNWRITABLE)))
def test_what_cannot_be_written_is_refused_with_its_place(
    annotation: Any, make: Callable[[Socket], Any], said: str
) -> None:
    with Socket() as one, pytest.raises(CodecError) as refused:
        encoded(make(one), shape_of(annotation))
    assert str(refused.value) == said


UNREADABLE: tuple[tuple[Any, str, str], ...] = (
    (int, '"1"', "is a str, int is promised"),
    (int, "1.0", "is a float, int is promised"),
    (bool, "1", "is a int, bool is promised"),
    (str, "null", "is a NoneType, str is promised"),
    (Path, "1", "is a int, the text of a Path is promised"),
    (bytes, '"%"', "is no bytes"),
    (datetime, '"yesterday"', "is no datetime"),
    (timedelta, '"1"', "is no timedelta"),
    (Level, '"MIDDLE"', "is 'MIDDLE', no member of Level"),
    (Literal["a"], "1", "is 1, the position"),
    (tuple[int, ...], "{}", "is a dict, tuple[int] is promised"),
    (tuple[int, ...], '[1, "a"]', "[1] is a str"),
    (tuple[int, int], "[1]", "has 1 parts"),
    (Mapping[str, int], "[]", "is a list, Mapping[str, int] is promised"),
    (Mapping[int, int], "[[1]]", "is no list of pairs"),
    (Mapping[Any, int], "[[[], 1]]", "cannot be a key"),
    (frozenset[Any], "[[]]", "cannot be in a set"),
    (Tree, '{"name": "bad"}', "is no Tree: a tree is not called bad"),
    (Tree, '{"children": []}', "differs from Tree in ['name']"),
    (Tree, '{"name": "x", "other": 1}', "differs from Tree in ['other']"),
    (Tree, '{"name": "x", "children": [{"name": 1}]}', ".children[0].name is a int"),
    (Shape, '{"radius": 1.0}', "is a None, which is no Shape"),
    (Shape, '{"$class": "os.system", "value": "true"}', "is a 'os.system', which is no Shape"),
    (Finding, '{"$class": "tests.Finding"}', "is a 'tests.Finding', which is no Finding"),
    (Circle | Square, '{"Triangle": {}}', "is tagged 'Triangle'"),
    (Circle | Square, "[]", "has no tag of Circle | Square"),
    (int | str, "1.5", "is a float, int | str is promised"),
    (Options, "{}", "differs from Options in ['name']"),
    (Any, '{"$function": "x"}', "has the unknown tag '$function'"),
    (Any, '{"$tuple": 1}', "is a int"),
)


@pytest.mark.parametrize(("annotation", "text", "said"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_not_what_was_promised_is_never_read(annotation: Any, text: str, said: str) -> None:
    with pytest.raises(CodecError) as refused:
        decoded(loaded(text), shape_of(annotation))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 5000, "nul"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        loaded(text)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([each for each in VALUES if each is not None]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | floats | texts,
        lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
        max_leaves=6,
    ),
)
def test_foreign_data_is_read_as_promised_or_refused(annotation: Any, data: Any) -> None:
    shape = shape_of(annotation)
    try:
        value = decoded(data, shape)
    except CodecError:
        return
    assert decoded(loaded(dumped(encoded(value, shape))), shape) == value


def test_an_error_is_read_back_as_its_text_and_no_class_is_made() -> None:
    shape = shape_of(Outcome[int])
    error = TimeoutError("no answer")
    failed: Outcome[int] = Outcome(node="lint", status=Status.FAILED, error=error)
    back = decoded(json.loads(dumped(encoded(failed, shape))), shape)
    assert isinstance(back.error, RecordedError)
    assert str(back.error) == "TimeoutError: no answer"
    again = decoded(encoded(back, shape), shape)
    assert str(again.error) == "TimeoutError: no answer"
