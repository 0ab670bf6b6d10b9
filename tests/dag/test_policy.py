"""A policy is data: what is left at its default is inherited."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.policy import Backup, Cache, Cost, Fallback, Invariant, Policy
from reviewbot.dag.retry import Jitter, Retry


class Busy(Exception):
    """A server that says when to come back."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("busy")
        self.retry_after = retry_after


@pytest.mark.parametrize(
    ("failed", "error", "drawn", "delay"),
    [
        (1, ValueError(), 1.0, 1.0),
        (2, ValueError(), 1.0, 2.0),
        (3, ValueError(), 1.0, 4.0),
        (6, ValueError(), 1.0, 30.0),
        (9_999, ValueError(), 1.0, 30.0),
        (3, ValueError(), 0.25, 1.0),
        (3, ValueError(), 0.0, 0.0),
        (1, Busy(7.5), 0.5, 7.5),
        (5, Busy(7.5), 1.0, 16.0),
        (1, Busy(None), 1.0, 1.0),
    ],
)
@pytest.mark.feature("E50")
def test_delays_grow_up_to_a_ceiling_are_jittered_and_obey_the_server(
    failed: int, error: Exception, drawn: float, delay: float
) -> None:
    retry = Retry(on=(ValueError, Busy), attempts=9, base=1, factor=2, max=30)
    assert retry.delay(failed, error, lambda: drawn) == delay


@given(st.integers(1, 500), st.floats(0, 1, exclude_max=True))
def test_a_jittered_delay_never_exceeds_the_plain_one(failed: int, drawn: float) -> None:
    full = Retry(on=(ValueError,))
    plain = Retry(on=(ValueError,), jitter=Jitter.NONE)
    ceiling = plain.delay(failed, ValueError(), lambda: drawn)
    assert 0 <= full.delay(failed, ValueError(), lambda: drawn) <= ceiling <= full.max


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"base": -1.0}, {"factor": 0.5}, {"max": -1.0}], ids=str
)
def test_a_retry_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a retry needs"):
        Retry(on=(ValueError,), **wrong)


async def nothing(*_given: Any, **_named: Any) -> Any: ...


@pytest.mark.parametrize(
    "stated",
    [
        lambda: Retry(on=(), on_retry=nothing),  # type: ignore[arg-type] # that is the case
        lambda: Fallback(make=nothing),
        lambda: Cost(estimate=nothing),  # type: ignore[arg-type] # that is the case
        lambda: Cache(key=nothing),  # type: ignore[arg-type] # that is the case
        lambda: Invariant(name="x", holds=nothing),  # type: ignore[arg-type] # that is the case
        lambda: Policy(classify=nothing),  # type: ignore[arg-type] # that is the case
    ],
    ids=["hook", "fallback", "estimate", "key", "invariant", "classify"],
)
def test_a_function_of_a_policy_that_would_have_to_be_awaited_is_refused(stated: Any) -> None:
    with pytest.raises(ValueError, match=r"answers at once; .* is a coroutine function"):
        stated()


policies = st.builds(
    Policy,
    timeout=st.sampled_from([None, 1.0, math.inf]),
    retry=st.sampled_from([None, Retry(on=(ValueError,))]),
    fallback=st.sampled_from([None, Fallback(value=())]),
    backups=st.sampled_from([(), (Backup(name="ty", run=nothing),)]),
    priority=st.integers(0, 2),
    resources=st.sampled_from([{}, {"cpu": 2.0}]),
    exclusive=st.sampled_from([(), ("journal",)]),
)


@given(policies, policies, policies)
def test_merging_is_associative_and_the_default_changes_nothing(
    low: Policy, middle: Policy, high: Policy
) -> None:
    assert Policy().merged(low) == low.merged(Policy()) == low
    assert low.merged(middle).merged(high) == low.merged(middle.merged(high))


def test_a_node_policy_wins_over_the_defaults_it_is_merged_into() -> None:
    defaults = Policy(timeout=120, priority=1)
    assert defaults.merged(Policy(timeout=math.inf)) == Policy(timeout=math.inf, priority=1)
