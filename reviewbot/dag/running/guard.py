"""The wall around one node: its attempts under its policy, in order, to exactly one Outcome."""

import inspect
import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
from anyio import to_thread

from reviewbot.dag.annotation import text
from reviewbot.dag.node import is_async
from reviewbot.dag.run import Attempt, Outcome, Status
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.events import AttemptFailed
from reviewbot.dag.running.unit import Surroundings, Unit


class AttemptTimeoutError(TimeoutError):
    """Indicates that the policy's time for an attempt, or for all of them, was up."""


class OutputError(ValueError):
    """Indicates a value that is not what the node promises; `value` is what came."""

    def __init__(self, message: str, value: object) -> None:
        super().__init__(message)
        self.value = value


class Guard:
    """One node being run; `outcome` never raises for anything the node does."""

    __slots__ = (
        "_around",
        "_attempts",
        "_began",
        "_end",
        "_error",
        "_is_bounded",
        "_last",
        "_node",
        "_unit",
        "_value",
    )

    def __init__(self, unit: Unit, around: Surroundings) -> None:
        self._unit = unit
        self._node = node = unit.node
        self._around = around
        self._attempts: list[Attempt] = []
        self._error: Exception | None = None
        self._value: Any = None
        self._began = self._last = around.now()
        total = node.policy.total
        self._end = math.inf if total is None else anyio.current_time() + total
        self._is_bounded = (
            around.interruptible or node.policy.timeout is not None or total is not None
        )

    async def outcome(self) -> Outcome[Any]:
        """Try the node, its backups and its fallback, in that order, until one of them answers."""
        node = self._node
        if await self._answered_by(node.name, node.run, asynchronous=node.is_async):
            return self._settled(Status.SUCCEEDED, "", node.name)
        first = self._failure()
        for backup in node.policy.backups:
            if self._is_over():
                break
            asynchronous = is_async(backup.run)
            if await self._answered_by(backup.name, backup.run, asynchronous=asynchronous):
                reason = f"{backup.name} answered: {first}"
                return self._settled(Status.REROUTED, reason, backup.name)
        return self._unanswered()

    async def _answered_by(self, by: str, run: Callable[..., Any], *, asynchronous: bool) -> bool:
        delay, number = 0.0, 1
        while True:
            await self._attempt(by, run, number, delay, asynchronous=asynchronous)
            if self._error is None:
                return True
            retry_in = self._retry_in(number, self._error)
            self._tell(retry_in)
            if retry_in is None:
                return False
            try:
                await self._bounded(self._around.pause(self._unit, retry_in), None)
            except (AttemptTimeoutError, RunEndedError) as error:
                self._error, self._last = error, self._around.now()
                return False
            delay, number = retry_in, number + 1

    async def _attempt(
        self, by: str, run: Callable[..., Any], number: int, delay: float, *, asynchronous: bool
    ) -> None:
        started = self._last if number == 1 else self._around.now()
        try:
            arguments = self._unit.arguments()
            work = run(**arguments) if asynchronous else _in_thread(partial(run, **arguments))
            if self._is_bounded:
                work = self._bounded(work, self._node.policy.timeout)
            value = await work
            self._check(value)
            self._value, self._error = value, None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the wall of a node
            self._error = _plain(error)
        except BaseException as error:
            if not _is_stray(error):
                raise
            self._error = RuntimeError(f"{type(error).__name__} from inside")
        self._last = self._around.now()
        self._attempts.append(
            Attempt(
                number=number,
                by=by,
                started=started,
                seconds=self._last - started,
                error=None if self._error is None else describe(self._error),
                delay=delay,
            )
        )

    async def _bounded(self, work: Awaitable[Any], timeout: float | None) -> Any:  # noqa: ANN401, ASYNC109 - the node's own value; the timeout is data of the policy
        around, unit = self._around, self._unit
        mine = math.inf if timeout is None else anyio.current_time() + timeout
        limit = min(self._end, mine)
        with around.new_scope() as scope:
            if limit < math.inf:
                around.alarm.set(scope, limit)
            if not around.interruptible:
                return await work
            around.scopes[unit] = scope
            try:
                return await work
            finally:
                del around.scopes[unit]
        raise unit.ended() or AttemptTimeoutError(
            f"timeout {timeout:g} s"
            if mine <= self._end
            else f"total {self._node.policy.total:g} s"
        )

    def _check(self, value: Any) -> None:  # noqa: ANN401 - the node's own value
        node = self._node
        if node.gives is not None and not isinstance(value, node.gives):
            raise OutputError(f"gave {type(value).__name__}, promised {text(node.output)}", value)
        for invariant in node.policy.invariants:
            kept = invariant.holds(value)
            if kept is not None and kept is not True:
                said = f": {kept}" if isinstance(kept, str) else ""
                raise OutputError(f"invariant {invariant.name!r} is violated{said}", value)

    def _retry_in(self, number: int, error: Exception) -> float | None:
        retry = self._node.policy.retry
        if retry is None or number >= retry.attempts or not isinstance(error, retry.on):
            return None
        delay = retry.delay(number, error, self._around.random)
        return None if self._is_over(delay) else delay

    def _is_over(self, delay: float = 0.0) -> bool:
        if self._unit.ended():
            return True
        return self._end < math.inf and anyio.current_time() + delay >= self._end

    def _tell(self, retry_in: float | None) -> None:
        if self._around.tell is not None:
            self._around.tell(
                AttemptFailed(node=self._unit.path, attempt=self._attempts[-1], retry_in=retry_in)
            )

    def _failure(self) -> str:
        last, retry = self._attempts[-1], self._node.policy.retry
        of = 1 if retry is None else retry.attempts
        error = "" if self._error is None else describe(self._error)
        return f"{error}, attempt {last.number} of {of}"

    def _unanswered(self) -> Outcome[Any]:
        error, reason = self._error, self._failure()
        if isinstance(error, RunEndedError):
            return self._settled(error.status, reason, "")
        fallback = self._node.policy.fallback
        if fallback is not None and error is not None:
            try:
                self._value = fallback.answer(error)
            except Exception as second:  # noqa: BLE001 - the wall of a node
                reason = f"{reason}; the fallback failed too: {describe(second)}"
            else:
                return self._settled(Status.FELL_BACK, reason, "fallback")
        status = Status.TIMED_OUT if isinstance(error, TimeoutError) else Status.FAILED
        return self._settled(status, reason, "")

    def _settled(self, status: Status, reason: str, answered_by: str) -> Outcome[Any]:
        return Outcome(
            node=self._unit.name,
            status=status,
            value=self._value,
            reason=reason,
            attempts=tuple(self._attempts),
            answered_by=answered_by,
            started=self._began,
            seconds=self._last - self._began,
            error=self._error,
        )


async def _in_thread(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - the node's own value
    # In a tuple, because trio refuses a thread's answer that is a coroutine; here it is awaited.
    (value,) = await to_thread.run_sync(lambda: (work(),))
    return await value if inspect.isawaitable(value) else value


def describe(error: Exception) -> str:
    """The error as people read it; ours need no class name in front."""
    if isinstance(error, (AttemptTimeoutError, OutputError, RunEndedError)):
        return str(error)
    if isinstance(error, ExceptionGroup):
        return " and ".join(describe(one) for one in error.exceptions)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _plain(error: Exception | SystemExit) -> Exception:
    """The error itself: a group of one is unwrapped, so that policies see the name they know."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(f"exit({error.code})")


def _is_stray(error: BaseException) -> bool:
    """Whether this is a cancellation that nobody outside the node asked for."""
    cancelled = isinstance(error, anyio.get_cancelled_exc_class())
    return cancelled and anyio.current_effective_deadline() != -math.inf
