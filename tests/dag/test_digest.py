"""Equal content, equal digest, in every process; different content or code, a different one."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.digest import DigestError, code_digest, digest, wiring
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Outcome, Status


class Colour(Enum):
    RED = 1


class Word(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    size: int = 0
    seen: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    name: str
    size: int = 0


DIFFERENT: tuple[Any, ...] = (
    None,
    True,
    False,
    1,
    0,
    -1,
    1.0,
    "1",
    b"1",
    "",
    (),
    [],
    {},
    frozenset(),
    (1,),
    [1],
    ((1,),),
    ("1", ""),
    ("", "1"),
    ("s1:1",),
    {1: 2},
    {2: 1},
    {"1": 2},
    {1},
    Path("1"),
    Colour.RED,
    Word.RED,
    "red",
    Part(name="a"),
    Other(name="a"),
    Part(name="a", size=1),
    Pair(1, 2),
    (1, 2),
    datetime(2026, 1, 1, tzinfo=UTC),
    timedelta(1),
    re.compile("a"),
    re.compile("a", re.IGNORECASE),
    int,
    float,
    len,
)


def test_what_differs_in_kind_or_content_has_another_digest() -> None:
    assert len({digest(value) for value in DIFFERENT}) == len(DIFFERENT)


def test_neither_the_order_nor_the_kind_of_a_mapping_or_set_matters() -> None:
    assert digest({"a": 1, "b": 2}) == digest(MappingProxyType({"b": 2, "a": 1}))
    assert digest({1, 2, 3}) == digest(frozenset({3, 2, 1})) == digest({1: 0, 2: 0, 3: 0}.keys())


def test_what_is_not_compared_does_not_count() -> None:
    assert digest(Part(name="a", seen=1)) == digest(Part(name="a", seen=2))


def test_an_outcome_counts_by_how_it_ended_not_by_when() -> None:
    def outcome(**parts: Any) -> Outcome[Any]:
        known: dict[str, Any] = {"node": "lint", "status": Status.SUCCEEDED, "value": 1, **parts}
        return Outcome(**known)

    assert digest(outcome(started=1.0)) == digest(outcome(started=2.0, seconds=3.0))
    others: list[dict[str, Any]] = [
        {"value": 2},
        {"status": Status.FELL_BACK},
        {"reason": "x"},
        {"answered_by": "ty"},
    ]
    assert len({digest(outcome(**other)) for other in [{}, *others]}) == 5


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


def told(value: object) -> str:
    """What a person would compare: `repr`, which tells 1 from True and 1.0."""
    if isinstance(value, dict):
        return f"{{{sorted((told(key), told(part)) for key, part in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}{[told(part) for part in value]}"
    return repr(value)


@settings(max_examples=150, deadline=None)
@given(plain, plain)
def test_two_digests_are_equal_exactly_when_the_contents_are(one: object, other: object) -> None:
    assert (digest(one) == digest(other)) == (told(one) == told(other))


PROGRAM = """
from functools import partial
from reviewbot.dag.digest import code_digest, digest
def work(x, among=frozenset({"a", "b", "c"})): return x in {"ruff", "mypy", "bandit"} or among
print(digest({"a": {"x", "y", "z"}, "b": frozenset("hello")}), code_digest(partial(work, "lint")))
"""


def test_another_process_with_another_hash_seed_gives_the_same() -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1


def circle() -> list[object]:
    found: list[object] = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda one: [0, 1, 2, {"x": (one,)}], "list[3]['x'][0] is a socket"),
        (lambda one: Part(name=one), "Part.name is a socket"),
        (lambda one: one, "socket is a socket"),
        (lambda one: {one}, "set{} is a socket"),
        (lambda _: circle(), "list is nested too deeply or contains itself"),
    ],
)
def test_what_has_no_content_is_refused_with_its_place(
    make: Callable[[object], object], said: str
) -> None:
    with socket.socket() as one, pytest.raises(DigestError) as refused:
        digest(make(one))
    assert str(refused.value) == said


def made(source: str) -> Callable[..., Any]:
    """A function from its text, as it would stand in a module."""
    names: dict[str, Any] = {"__name__": "somewhere"}
    exec(source, names)  # noqa: S102 - the test's own text
    found: Callable[..., Any] = names["work"]
    return found


def test_code_counts_by_what_it_does_not_by_where_its_lines_are() -> None:
    plain = code_digest(made("def work(x): return x + 1"))
    assert code_digest(made("\n\n# why\ndef work(x):\n    return x + 1\n")) == plain
    for other in (
        "def work(x): return x + 2",
        "def work(x): return x - 1",
        "def work(y): return y + 1",
        "def work(x=2): return x + 1",
        "def work(x): return (lambda: x + 1)()",
        "async def work(x): return x + 1",
    ):
        assert code_digest(made(other)) != plain


def test_what_code_carries_along_counts_and_what_has_no_content_counts_by_its_class() -> None:
    def with_(carried: object) -> Callable[[], object]:
        def work() -> object:
            return carried

        return work

    assert code_digest(with_(1)) == code_digest(with_(1)) != code_digest(with_(2))
    assert code_digest(partial(len, "a")) != code_digest(partial(len, "b"))
    with socket.socket() as one, socket.socket() as two:
        assert code_digest(with_(one)) == code_digest(with_(two)) != code_digest(with_(None))


@dataclass(frozen=True)
class Question:
    prompt: str
    client: object

    def __call__(self, file: str) -> str:
        return self.prompt + file


def test_an_object_counts_by_its_fields_and_its_connection_by_its_class() -> None:
    with socket.socket() as one, socket.socket() as two:
        assert code_digest(Question("a", one)) == code_digest(Question("a", two))
        assert code_digest(Question("a", one)) != code_digest(Question("b", one))
        assert code_digest(Question("a", one)) != code_digest(Question("a", None))


def test_a_function_that_knows_itself_has_a_digest() -> None:
    def counted(step: int) -> Callable[[int], int]:
        def down(number: int) -> int:
            return down(number - step) if number > 0 else number

        return down

    assert code_digest(counted(1)) == code_digest(counted(1)) != code_digest(counted(2))
    known: Mapping[str, Callable[..., Any]] = {"down": counted(1)}
    assert digest(known) == digest({"down": counted(1)})


def test_what_a_function_changes_in_its_closure_is_no_other_code() -> None:
    def made(seen: list[int]) -> Callable[[], None]:
        return lambda: seen.append(1)

    one, other = made([]), made([1])
    before = code_digest(one)
    one()
    assert code_digest(one) == before == code_digest(made([])) != code_digest(other)


def test_a_graph_counts_by_what_its_nodes_do_and_a_subgraph_does_too() -> None:
    def lint(change: int) -> int:
        return change

    def harder(change: int) -> int:
        return change + 1

    def graph(run: Callable[..., int], policy: Policy | None = None) -> Graph:
        inner = Graph([node(run, name="lint", policy=policy or Policy())], {"change": int})
        return Graph([nested("pack", inner)], {"change": int})

    assert digest(graph(lint)) == digest(graph(lint, Policy(timeout=1))) != digest(graph(harder))
    assert wiring(graph(lint))["pack"]["code"] != wiring(graph(harder))["pack"]["code"]
    switched = graph(lint).without(["pack"])
    assert digest(switched) != digest(graph(lint))
