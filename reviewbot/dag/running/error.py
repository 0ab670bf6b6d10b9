"""What can go wrong around one node, and how it is told to people."""

import math
import sys

import anyio

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.running.breaker import BreakerOpenError
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.ledger import BudgetError


class AttemptTimeoutError(TimeoutError):
    """Indicates that the policy's time for an attempt, or for all of them, was up."""


class OutputError(ValueError):
    """Indicates a value that is not what the node promises; `value` is what came."""

    def __init__(self, message: str, value: object) -> None:
        super().__init__(message)
        self.value = value


class PolicyError(Exception):
    """Indicates that a function of the node's policy (a retry hook, an estimate) is broken."""

    failure_kind = FailureKind.CONFIG


_OURS = (
    AttemptTimeoutError,
    OutputError,
    PolicyError,
    BreakerOpenError,
    BudgetError,
    RunEndedError,
)


def describe(error: BaseException) -> str:
    """The error as people read it; ours need no class name in front."""
    if isinstance(error, BaseExceptionGroup):
        return " and ".join(describe(one) for one in error.exceptions)
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - the wall of a node: an error may be as broken as its node
        said = "which cannot say what it is"
    if isinstance(error, _OURS):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def plain(error: Exception | SystemExit) -> Exception:
    """The error itself: a group of one is unwrapped, so that policies see the name they know."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(f"exit({error.code})")


def passes(error: BaseException) -> bool:
    """Whether no wall may stop it: an interrupt, or a cancellation that somebody outside wants."""
    cancelled = anyio.get_cancelled_exc_class()
    if _is(error, (KeyboardInterrupt, GeneratorExit)):
        return True
    return _is(error, (cancelled,)) and anyio.current_effective_deadline() == -math.inf


def _is(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(kinds) is not None
    return isinstance(error, kinds)


def forget_stray() -> None:
    """Take back what a stray cancellation left behind in the task.

    asyncio counts cancellations, and one that stays counted would break every later scope of the
    task (https://docs.python.org/3/library/asyncio-task.html#asyncio.Task.uncancel).
    """
    if anyio.get_cancelled_exc_class().__module__.startswith("asyncio"):
        task = sys.modules["asyncio"].current_task()  # loaded by now; trio needs no import of it
        while task.cancelling():
            task.uncancel()
