"""No failure of a node gets past its guard, however broken the failure itself is."""

import sys
from typing import Any, NoReturn

import anyio
import pytest

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Status
from tests.dag.running.scripted import Scripted, Ticking, ended

RETRY = Retry(on=(OSError,), attempts=2, base=1, jitter=Jitter.NONE)


class Mute(OSError):
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Unkind(OSError):
    """Cannot say of what kind it is."""

    @property
    def failure_kind(self) -> FailureKind:
        raise RuntimeError("no kind")


class Asking(OSError):
    """Asks to come back at a time that cannot be meant."""

    def __init__(self, retry_after: object) -> None:
        super().__init__("busy")
        self.retry_after = retry_after


class Aborted(BaseException):
    """No Exception, as those of test runners are not."""


async def aborts() -> NoReturn:
    raise Aborted("now")


async def aborts_in_company() -> NoReturn:
    raise BaseExceptionGroup("both", [Aborted("now"), SystemExit(3), ValueError("boom")])


def exits() -> NoReturn:
    sys.exit(3)


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (Scripted(Mute()), "Mute: which cannot say what it is, attempt 2 of 2"),
        (Scripted(Unkind("x")), "Unkind: x, attempt 2 of 2"),
        (aborts, "Aborted: now from inside, attempt 1 of 2"),
        (
            aborts_in_company,
            "Aborted: now and SystemExit: 3 and ValueError: boom from inside, attempt 1 of 2",
        ),
        (exits, "exit(3), attempt 1 of 2"),
        (Scripted(StopIteration("x")), "coroutine raised StopIteration, attempt 1 of 2"),
    ],
    ids=["mute", "unkind", "aborts", "in company", "exits", "stop iteration"],
)
@pytest.mark.anyio
@pytest.mark.feature("E43")
async def test_what_a_node_raises_is_its_failure_whatever_it_is(work: Any, reason: str) -> None:
    outcome = await ended(work, Policy(retry=RETRY), clock=Ticking())
    assert outcome.status is Status.FAILED
    assert outcome.reason.removeprefix("RuntimeError: ") == reason


@pytest.mark.parametrize("wish", ["soon", "Wed, 21 Oct", float("nan"), float("inf"), [], -5, None])
@pytest.mark.anyio
@pytest.mark.feature("E50")
async def test_a_wish_that_cannot_be_meant_is_no_wish(wish: object) -> None:
    clock = Ticking()
    await ended(Scripted(Asking(wish), 1), Policy(retry=RETRY), clock=clock)
    assert clock.slept == [1.0]


@pytest.mark.anyio
@pytest.mark.feature("E43")
async def test_chance_that_fails_is_the_nodes_failure() -> None:
    def broken() -> float:
        raise OSError("no entropy")

    retry = Retry(on=(OSError,), attempts=2)
    outcome = await ended(Scripted(OSError()), Policy(retry=retry), random=broken)
    assert outcome.reason == "its retry raised OSError: no entropy, attempt 1 of 2"
    assert outcome.kind is FailureKind.CONFIG


@pytest.mark.anyio
async def test_a_cancellation_from_outside_passes() -> None:
    reached = False
    with anyio.move_on_after(0.005) as scope:
        await ended(lambda: anyio.sleep(3600), Policy(retry=RETRY))
        reached = True
    assert (scope.cancelled_caught, reached) == (True, False)
