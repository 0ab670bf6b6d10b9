"""Foreign values are what their annotations say, or refused by the name of the place."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from reviewbot.analyzers.answers.shape import Misshapen, shaped


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    number: int
    word: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    inners: list[Inner]
    pair: tuple[int, int]
    names: tuple[str, ...]
    counts: dict[str, int]
    colour: Colour
    level: Literal["low", "high"]
    flag: bool = False
    last: Inner | None = None


FIT: dict[str, Any] = {
    "inners": [{"number": 1}, {"number": -2, "word": "two"}],
    "pair": [3, 4],
    "names": ["a"],
    "counts": {"b": 5},
    "colour": "blue",
    "level": "low",
    "last": {"number": 0, "word": None},
}
ADAPTER = TypeAdapter(Outer)


def test_what_fits_becomes_the_dataclass() -> None:
    assert shaped(FIT, Outer) == Outer(
        inners=[Inner(number=1), Inner(number=-2, word="two")],
        pair=(3, 4),
        names=("a",),
        counts={"b": 5},
        colour=Colour.BLUE,
        level="low",
        last=Inner(number=0),
    )


def test_a_key_that_nobody_asked_for_is_passed_over() -> None:
    assert shaped({**FIT, "newer": 1}, Outer) == shaped(FIT, Outer)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"inners": [{"number": 1}, {"number": "2"}]}, "inners.1.number"),
        ({"inners": [{"number": True}]}, "inners.0.number"),
        ({"inners": [{"number": 1.0}]}, "inners.0.number"),
        ({"inners": [{}]}, "inners.0.number"),
        ({"inners": {}}, "inners"),
        ({"inners": "ab"}, "inners"),
        ({"pair": [3]}, "pair"),
        ({"pair": [3, 4, 5]}, "pair"),
        ({"names": ["a", None]}, "names.1"),
        ({"counts": {"b": None}}, "counts.b"),
        ({"counts": []}, "counts"),
        ({"colour": "RED"}, "colour"),
        ({"colour": []}, "colour"),
        ({"level": "medium"}, "level"),
        ({"level": None}, "level"),
        ({"flag": 0}, "flag"),
        ({"last": []}, "last"),
        ({"last": {"number": 1, "word": 2}}, "last.word"),
    ],
)
def test_what_does_not_fit_is_refused_and_its_place_is_named(
    wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(Misshapen) as refusal:
        shaped({**FIT, **wrong}, Outer)
    assert ".".join(refusal.value.where) == where


@pytest.mark.parametrize("missing", [name for name in FIT if name != "last"])
def test_a_key_without_a_default_must_be_there(missing: str) -> None:
    with pytest.raises(Misshapen, match=missing):
        shaped({key: value for key, value in FIT.items() if key != missing}, Outer)


SCALAR = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(0, 1) | st.text(max_size=2)


def _spoiled(draw: Callable[[st.SearchStrategy[Any]], Any], value: object) -> object:
    """The same value, here and there with another one in its place."""
    if draw(st.integers(0, 9)) == 0:
        return draw(SCALAR | st.sampled_from([[], {}, "red", "high", [1, 2]]))
    if isinstance(value, dict):
        return {key: _spoiled(draw, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_spoiled(draw, each) for each in value]
    return value


@given(st.data())
def test_nothing_is_taken_that_a_validator_refuses_and_nothing_is_read_otherwise(
    data: st.DataObject,
) -> None:
    value = _spoiled(data.draw, FIT)
    try:
        found = shaped(value, Outer)
    except Misshapen:
        with pytest.raises(ValidationError):
            ADAPTER.validate_json(json.dumps(value), strict=True)
    else:
        assert found == ADAPTER.validate_json(json.dumps(value), strict=True)
