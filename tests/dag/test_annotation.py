"""An annotation is compared only as far as nobody can be wronged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NewType, Protocol, TypedDict, TypeVar

import pytest

from reviewbot.dag.annotation import clash, classes, text


class Named(Protocol):
    name: str


class Row(TypedDict):
    name: str


class Base: ...


class Derived(Base): ...


UserId = NewType("UserId", int)
T = TypeVar("T")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (int, str),
        (int | None, str),
        (tuple[int, ...], list[int]),
        (UserId, str),
        (Literal["a"], int),
        (Annotated[int, "unit"], str),
        (type(None), int),
        (Mapping[str, int], str),
    ],
)
def test_types_that_share_no_value_clash(given: Any, expected: Any) -> None:
    assert clash(given, expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (int, int),
        (int, float),
        (bool, int),
        (Derived, Base),
        (Base, Derived),
        (int | str, str),
        (int | None, int),
        (tuple[int, ...], tuple[str, ...]),
        (list[int], Sequence[int]),
        (dict[str, int], Iterable[str]),
        (Any, int),
        (int, Any),
        (object, int),
        (int, Named),
        (Row, dict[str, str]),
        (T, int),
        (UserId, int),
        (Literal["a"], str),
        ("not evaluated", int),
    ],
)
def test_types_that_may_share_a_value_never_clash(given: Any, expected: Any) -> None:
    assert not clash(given, expected)


def test_classes_are_those_isinstance_can_ask_about() -> None:
    assert classes(tuple[int, ...] | None) == (tuple, type(None))
    assert classes(float) == (float, int)
    assert classes(Named) is None


def test_an_annotation_reads_as_it_is_written() -> None:
    assert [text(a) for a in (int, tuple[int, ...], Literal["a"])] == [
        "int",
        "tuple[int, ...]",
        "Literal['a']",
    ]
