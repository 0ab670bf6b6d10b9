"""Whatever a document holds, loading it gives a graph or a list of problems, never a crash."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.declare.data import written
from reviewbot.dag.declare.expression import template
from reviewbot.dag.declare.load import load, load_data
from reviewbot.dag.digest import code_digest
from reviewbot.dag.error import GraphError
from tests.dag.declare.test_data import EVERYTHING
from tests.dag.declare.world import REGISTRY, declared

WHOLE: dict[str, Any] = written(declared(EVERYTHING).graph, REGISTRY)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*above, key)
        if isinstance(one, dict | list):
            yield from places(one, (*above, key))


PLACES = tuple(places(WHOLE))
WORDS = st.sampled_from(
    ["", "lint", "nobody", "ruff", "pack", "change", "merge.level", "none", "true", "1s", "*", "{{"]
)
junk: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=True) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            WORDS | st.sampled_from(["use", "node", "over", "on", "x"]), inner, max_size=2
        )
    ),
    max_leaves=4,
)


def told(made: Callable[[], object]) -> tuple[str, ...] | None:
    """The problems of a document; None when there are none."""
    try:
        made()
    except GraphError as error:
        return error.problems
    return None


@settings(max_examples=70, deadline=None)
@given(st.sampled_from(PLACES), junk)
def test_one_wrong_thing_anywhere_is_a_problem_or_fine(place: tuple[Any, ...], value: Any) -> None:
    document = deepcopy(WHOLE)
    *above, last = place
    inner: Any = document
    for step in above:
        inner = inner[step]
    inner[last] = value
    assert told(lambda: load_data(document, REGISTRY)) != ()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(PLACES))
def test_one_thing_left_out_anywhere_is_a_problem_or_fine(place: tuple[Any, ...]) -> None:
    document = deepcopy(WHOLE)
    *above, last = place
    inner: Any = document
    for step in above:
        inner = inner[step]
    del inner[last]
    assert told(lambda: load_data(document, REGISTRY)) != ()


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_text_with_one_wrong_character_is_a_document_or_a_list_of_problems(
    data: st.DataObject,
) -> None:
    text = f"version: 1\ninputs: {{change: Change}}\n{EVERYTHING}"
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from("{}[]:,-&*!?#'\"|>%@ \n\tx0é\0"))
    problems = told(lambda: load(text[:at] + put + text[at + 1 :], REGISTRY))
    assert problems is None or all(one.startswith("graph.yml:") for one in problems)


def test_another_text_is_other_work() -> None:
    one, other = (template(text, {"x": int}) for text in ("{{ x }}", "{{ x }}!"))
    assert code_digest(one) != code_digest(other)
    assert code_digest(one) == code_digest(template("{{ x }}", {"x": str}))
