"""The writes of a run are counted before the first of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.github.allowance import cost_of, fitting
from reviewbot.review.actions import Action, AssignAuthor, CloseComment, SetLabels
from tests.fakes.forge.publication import check, file_comment, issue, review, summary

CLOSE = CloseComment(key="k", id=1, node_id="N", body="closed")


@pytest.mark.feature("G25")
@pytest.mark.parametrize(
    ("step", "writes"),
    [
        (review(), 1),
        (file_comment(), 1),
        (summary(), 1),
        (check(0), 1),
        (check(50), 1),
        (check(51), 2),
        (check(101), 3),
        (CLOSE, 2),
        (SetLabels(add=("a", "b"), remove=("c", "d")), 3),
        (SetLabels(), 0),
        (AssignAuthor(login="ada"), 1),
        (issue(), 1),
    ],
)
def test_each_step_has_its_price(step: Action, writes: int) -> None:
    assert cost_of(step) == writes


steps = st.lists(st.sampled_from([review(), summary(), check(120), CLOSE, issue()]), max_size=12)


@pytest.mark.feature("G25")
@given(steps, st.integers(0, 30))
def test_what_is_begun_never_costs_more_than_is_left(chosen: list[Action], left: int) -> None:
    fits = fitting(chosen, left)
    begun = [step for step, fit in zip(chosen, fits, strict=True) if fit]
    assert sum(map(cost_of, begun)) <= left
    if sum(map(cost_of, chosen)) <= left:
        assert all(fits)


def test_the_verdict_comes_before_what_is_closed() -> None:
    assert fitting([CLOSE, CLOSE, review(), summary()], 4) == (True, False, True, True)
