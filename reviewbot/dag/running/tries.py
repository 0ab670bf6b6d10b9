"""The attempts of one callable: again and again, as the policy allows, until one gives a value."""

import math
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from reviewbot.dag.node import Node
from reviewbot.dag.retry import Tried
from reviewbot.dag.run import Attempt, make_attempt
from reviewbot.dag.running.amounts import total
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.error import (
    AttemptTimeoutError,
    PolicyError,
    describe,
    forget_stray,
    passes,
    plain,
)
from reviewbot.dag.running.events import AttemptFailed, AttemptStarted, AttemptSucceeded
from reviewbot.dag.running.intake import own
from reviewbot.dag.running.ledger import BudgetError
from reviewbot.dag.running.limit import in_thread, within
from reviewbot.dag.running.promise import Partial, check
from reviewbot.dag.running.routes import UNJUDGED, asked, judged, may_retry
from reviewbot.dag.running.terms import Terms
from reviewbot.dag.running.unit import Surroundings, Unit
from reviewbot.dag.running.waiting import delay, room

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Tries:
    """The attempts of a unit, one callable after another; nothing they do is raised.

    After `answered`: the `value`, with what is `missing` from it; or the last `error`, its
    `judgement`, and a `note` if there is more to say. `end` is the moment (of anyio's clock) when
    the unit's total is up, `last` when it was last at work, `spent` what it used of the budgets.
    """

    __slots__ = (
        "_around",
        "_asynchronous",
        "_by",
        "_given",
        "_node",
        "_replaced",
        "_run",
        "_terms",
        "_unit",
        "attempts",
        "end",
        "error",
        "judgement",
        "last",
        "missing",
        "note",
        "spent",
        "value",
    )

    def __init__(self, unit: Unit, around: Surroundings, began: float) -> None:
        self._unit = unit
        self._node = unit.node
        self._around = around
        self._given = self._replaced = self.spent = _NOTHING
        self.attempts: list[Attempt] = []
        self.last = began
        self.end = end_of(unit.node, around)
        self.value: Any = None
        self.missing = self.note = ""
        self.error: Exception | None = None
        self.judgement = UNJUDGED

    async def answered(
        self,
        by: str,
        run: Callable[..., Any],
        *,
        asynchronous: bool,
        terms: Terms | None,
    ) -> bool:
        """Try until there is a value (True) or no attempt of this callable may follow (False)."""
        self._by, self._run, self._asynchronous, self._terms = by, run, asynchronous, terms
        self._replaced = _NOTHING
        waited, number = 0.0, 1
        while terms is None or await self._has_room(terms):
            await self._attempt(number, waited)
            if self.error is None:
                return True
            retry_in = self._retry_in(number, self.error)
            self._tell_failed(retry_in)
            if retry_in is None or not await self._waited(retry_in):
                return False
            waited, number = retry_in, number + 1
        return False

    async def _attempt(self, number: int, waited: float) -> None:
        around, terms = self._around, self._terms
        started = self.last if number == 1 else around.now()
        self.missing = ""
        try:
            value = await self._called(number, started)
            if type(value) is Partial:
                self.missing, value = value.missing, value.value
            check(self._node, value)
            self.value, self.error = value, None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the wall of a node
            self.error = plain(error)
        except BaseException as error:
            if passes(error):
                if terms is not None:
                    terms.close(error)
                raise
            forget_stray()
            self.error = RuntimeError(f"{describe(error)} from inside")
        if terms is not None:
            terms.close(self.error)
            self.spent = total(self.spent, terms.charged)
        self.last, self.note = around.now(), ""
        self._record(number, started, waited)

    def _called(self, number: int, started: float) -> Awaitable[Any]:
        around, policy = self._around, self._node.policy
        arguments = self._arguments() if self._replaced else self._unit.arguments()
        if policy.retry is not None and policy.retry.on_retry is not None:
            self._given = self._arguments()  # a copy that the attempt cannot change
        if self._terms is not None:
            arguments.update(self._terms.open(number))
        if around.tell is not None:
            around.tell(
                AttemptStarted(node=self._unit.path, by=self._by, number=number, at=started)
            )
        run, timeout = self._run, policy.timeout
        work = run(**arguments) if self._asynchronous else in_thread(partial(run, **arguments))
        if timeout is None and self.end == math.inf and not around.interruptible:
            return work
        return within(work, self._unit, around, timeout, self.end)

    def _arguments(self) -> dict[str, Any]:
        arguments = self._unit.arguments()
        for edge in self._node.edges if self._replaced else ():
            if edge.parameter in self._replaced:
                arguments[edge.parameter] = own(self._replaced[edge.parameter], edge)
        return arguments

    def _record(self, number: int, started: float, waited: float) -> None:
        seconds, error = self.last - started, self.error
        attempt = make_attempt(
            number=number,
            by=self._by,
            started=started,
            seconds=max(0.0, seconds),  # a clock may be set back
            error=None if error is None else describe(error),
            delay=waited,
        )
        self.attempts.append(attempt)
        if self._around.attempted is not None:
            self._around.attempted(self._unit.path, attempt)
        if error is None and self._around.tell is not None:
            self._around.tell(AttemptSucceeded(node=self._unit.path, attempt=attempt))

    def _retry_in(self, number: int, error: Exception) -> float | None:
        """Seconds until the next attempt; None if there is none."""
        try:
            return self._agreed(number, error)
        except PolicyError as broken:
            self.give_up(broken)
        except Exception as broken:  # noqa: BLE001 - the wall of a node
            self.give_up(PolicyError(f"its retry raised {describe(broken)}"))
        return None

    def _agreed(self, number: int, error: Exception) -> float | None:
        """What the policy, and its retry hook if there is one, say of a further attempt.

        Raises:
            PolicyError: the hook is broken.
        """
        policy = self._node.policy
        self.judgement = judged(policy, error, self._warn)
        retry, route = policy.retry, self.judgement.route
        if retry is None or not may_retry(retry, route, number, error):
            return None
        seconds = retry.delay(number, error, self._around.random)
        if self.is_over(seconds):
            return None
        tried = Tried(
            node=self._unit.path,
            attempt=self.attempts[-1],
            error=error,
            arguments=self._given,
            retry_in=seconds,
        )
        following = asked(retry, route, tried)
        self.note = following.why
        self._replaced = {**self._replaced, **following.replaced}
        return seconds if following.again else None

    async def _waited(self, seconds: float) -> bool:
        """Whether there was time to wait that long."""
        try:
            await delay(seconds, self._unit, self._around, self.end)
        except (AttemptTimeoutError, RunEndedError) as error:
            self.give_up(error)
            return False
        return True

    async def _has_room(self, terms: Terms) -> bool:
        """Whether the budgets have, or came to have, room for an attempt; it is reserved then."""
        if not terms.has_cost or terms.is_refused():
            return True
        end = self.end if self.attempts else math.inf
        try:
            amounts = terms.estimate(self._arguments)
            terms.reserve(await room(amounts, self._unit, self._around, end))
        except BudgetError as error:
            if self.attempts:
                self.note, self.last = f"{self._by}: {error}", self._around.now()
            else:
                self.give_up(error)
            return False
        except (PolicyError, AttemptTimeoutError, RunEndedError) as error:
            self.give_up(error)
            return False
        if not self.attempts:
            self.end = end_of(self._node, self._around)
        return True

    def give_up(self, error: Exception) -> None:
        """End with an error that is not that of an attempt."""
        self.error, self.last = error, self._around.now()
        self.judgement = judged(self._node.policy, error, self._warn)

    def _warn(self, text: str) -> None:
        self._around.warn(f"{self._unit.path}: {text}")

    def is_over(self, seconds: float = 0.0) -> bool:
        """Whether the run has ended for this unit, or its total is up in so many seconds."""
        if self._unit.ended():
            return True
        return self.end < math.inf and self._around.time() + seconds >= self.end

    def _tell_failed(self, retry_in: float | None) -> None:
        if self._around.tell is not None:
            attempt = self.attempts[-1]
            self._around.tell(
                AttemptFailed(node=self._unit.path, attempt=attempt, retry_in=retry_in)
            )


def end_of(node: Node, around: Surroundings) -> float:
    """The moment, on anyio's clock, when the node's total is up if it starts now."""
    total = node.policy.total
    return math.inf if total is None else around.time() + total
