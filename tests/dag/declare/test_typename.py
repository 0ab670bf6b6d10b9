"""Types of inputs are written as in Python, of known names only."""

from collections.abc import Callable, Mapping, Sequence
from operator import or_
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.declare.typename import parse_type, written_type
from reviewbot.dag.items import Items
from reviewbot.dag.run import Outcome
from tests.dag.declare.world import Analysis, Change

TYPES = {"Change": Change, "Analysis": Analysis, "Lines": list[str]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("str", str),
        ("any", Any),
        ("None", type(None)),
        ("Change", Change),
        ("Lines", list[str]),
        ("list[str]", list[str]),
        ("Change | None", Change | None),
        ("tuple[int, ...]", tuple[int, ...]),
        ("tuple[int, str]", tuple[int, str]),
        ("Mapping[str, list[Change | None]]", Mapping[str, list[Change | None]]),
        ("Literal['a', 'b', 3]", Literal["a", "b", 3]),
        ("Literal['a']", Literal["a"]),
        ("Outcome[Analysis]", Outcome[Analysis]),
        ("Items[tuple[Change, ...]]", Items[tuple[Change, ...]]),
    ],
)
def test_a_type_is_read_and_written(text: str, meant: object) -> None:
    assert parse_type(text, TYPES) == meant
    assert parse_type(written_type(meant, TYPES), TYPES) == meant


plain: st.SearchStrategy[Any] = st.sampled_from([str, int, float, bool, bytes, Change, Analysis])
WHOLES: tuple[Callable[[Any], Any], ...] = (
    lambda one: list[one],  # type: ignore[valid-type] # as all of these: made at run time
    lambda one: tuple[one, ...],  # type: ignore[valid-type]
    lambda one: Mapping[str, one],  # type: ignore[valid-type]
    lambda one: Sequence[one],  # type: ignore[valid-type]
    lambda one: Outcome[one],  # type: ignore[valid-type]
    lambda one: one | None,
)
annotations: st.SearchStrategy[Any] = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(lambda whole, one: whole(one), st.sampled_from(WHOLES), inner),
        st.builds(or_, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(annotations)
def test_any_type_that_is_written_is_read_back(annotation: object) -> None:
    assert parse_type(written_type(annotation, TYPES), TYPES) == annotation


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "str.__class__",
        "str()",
        "[str]",
        "...",
        "3",
        "'str'",
        "lambda: 1",
        "str[int]",
        "list[",
        "list[3]",
        "Literal[str]",
        "(" * 900,
        "list[" * 300,
        "str if 1 else int",
        "str" + " " * 600,
    ],
)
def test_what_is_no_type_is_refused_and_never_run(text: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        parse_type(text, TYPES)
