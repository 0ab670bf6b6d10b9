"""What is written by an annotation is read back equal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import (
    Any,
)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.scalar import RecordedError
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.codec.text import decoded, dumped, encoded, loaded
from reviewbot.dag.run import Outcome, Status
from tests.dag.journal.samples import VALUES, Finding, Level, Tree, floats, texts


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
