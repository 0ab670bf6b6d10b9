"""The terms of one callable: its breaker, what it may use of the budgets, what it may know."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import anyio.lowlevel

from reviewbot.dag.context import Context
from reviewbot.dag.edge import context_of
from reviewbot.dag.error import GraphError
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Amounts, Backup, Breaker, Cost
from reviewbot.dag.running.breaker import BreakerState, Permit
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.error import PolicyError, describe
from reviewbot.dag.running.events import BreakerChanged, Event, Logged, Spent
from reviewbot.dag.running.ledger import Reservation
from reviewbot.dag.running.unit import Surroundings, Unit


class Terms:
    """What attempts of one callable must pass before it is called, and settle after.

    For each attempt: `reserve`, then `open`, then `close`, whatever happened in between; after it
    `charged` is what it used.
    """

    __slots__ = (
        "_around",
        "_breaker",
        "_context",
        "_cost",
        "_is_called",
        "_permit",
        "_reservation",
        "_unit",
        "charged",
    )

    def __init__(
        self,
        unit: Unit,
        around: Surroundings,
        *,
        breaker: Breaker | None,
        cost: Cost | None,
        context: str,
    ) -> None:
        self._unit = unit
        self._around = around
        self._breaker = breaker
        self._cost = cost
        self._context = context
        self._permit: Permit | None = None
        self._reservation: Reservation | None = None
        self._is_called = False
        self.charged: Amounts = {}

    @property
    def has_cost(self) -> bool:
        """Whether an attempt needs room in the budgets."""
        return self._cost is not None

    def is_refused(self) -> bool:
        """Whether the breaker would refuse an attempt now."""
        now = self._around.clock.now()
        return self._breaker is not None and bool(self._around.breakers.refusal(self._breaker, now))

    def estimate(self, arguments: Callable[[], Mapping[str, Any]]) -> Amounts:
        """What an attempt with these arguments, made when they are needed, may use.

        Raises:
            PolicyError: the estimate cannot be made, or names no budget.
        """
        wanted = {} if self._cost is None else self._cost.estimate
        try:
            amounts = wanted(**arguments()) if callable(wanted) else wanted
            self._around.ledger.check(amounts)
        except Exception as error:
            raise PolicyError(f"the estimate of its cost: {describe(error)}") from error
        return amounts

    def reserve(self, reservation: Reservation) -> None:
        """The next attempt has this room."""
        self._reservation = reservation

    def open(self, number: int) -> Mapping[str, Any]:
        """Begin attempt `number`; gives the arguments that the terms add.

        Raises:
            BreakerOpenError: the breaker refuses it; nothing may be called.
        """
        around = self._around
        if self._breaker is not None:
            now = around.clock.now()
            self._permit, change = around.breakers.admit(self._breaker, now)
            self._tell_change(change)
        if self._reservation is None:
            self._reservation = around.ledger.reserve({})
        self._is_called = True
        if not self._context:
            return {}
        return {self._context: self._knowledge(number, self._reservation)}

    def close(self, error: BaseException | None) -> None:
        """End the attempt: with its value when `error` is None."""
        self._report(error)
        self.charged = {}
        reservation, self._reservation = self._reservation, None
        if reservation is not None:
            told = dict(reservation.charged)
            self.charged = dict(reservation.settle(is_called=self._is_called))
            self._tell_spent(
                {name: amount for name, amount in self.charged.items() if name not in told}
            )
        self._is_called = False

    def _report(self, error: BaseException | None) -> None:
        permit, self._permit = self._permit, None
        breakers = self._around.breakers
        if permit is None:
            return
        if error is None:
            change = breakers.succeeded(permit)
        elif isinstance(error, Exception) and not isinstance(error, RunEndedError):
            change = breakers.failed(permit, error, self._around.clock.now())
        else:
            change = breakers.left(permit)
        self._tell_change(change)

    def _knowledge(self, number: int, reservation: Reservation) -> Context:
        unit, around = self._unit, self._around
        at_home = partial(_at_home, threading.get_ident(), anyio.lowlevel.current_token())
        return Context(
            node=unit.path,
            run=around.run,
            item=unit.item,
            attempt=number,
            shared=around.shared,
            on_spend=partial(at_home, partial(self._spend, reservation)),
            on_log=partial(at_home, self._log),
        )

    def _spend(self, reservation: Reservation, amounts: Amounts) -> None:
        reservation.spend(amounts)
        self._tell_spent(amounts)

    def _log(self, text: str) -> None:
        self._tell(Logged(node=self._unit.path, text=text, at=self._around.now()))

    def _tell_spent(self, amounts: Amounts) -> None:
        if amounts:
            total, at = self._around.ledger.spent, self._around.now()
            self._tell(Spent(node=self._unit.path, amounts=dict(amounts), total=total, at=at))

    def _tell_change(self, state: BreakerState | None) -> None:
        if state is not None and self._breaker is not None:
            key, at = self._breaker.key, self._around.now()
            self._tell(BreakerChanged(key=key, state=str(state), at=at))

    def _tell(self, event: Event) -> None:
        if self._around.tell is not None:
            self._around.tell(event)


def terms_of(node: Node, unit: Unit, around: Surroundings) -> Terms | None:
    """The terms of the node's own callable; None when there are none to keep."""
    policy = node.policy
    if policy.cost is None and policy.breaker is None and not node.context:
        return None
    return Terms(unit, around, breaker=policy.breaker, cost=policy.cost, context=node.context)


def terms_of_backup(backup: Backup, unit: Unit, around: Surroundings) -> Terms | None:
    """The terms of a backup; None when there are none to keep."""
    try:
        context = context_of(backup.run)
    except (GraphError, TypeError, ValueError):
        context = ""  # a callable without a signature, such as a builtin, asks for none
    if backup.cost is None and backup.breaker is None and not context:
        return None
    return Terms(unit, around, breaker=backup.breaker, cost=backup.cost, context=context)


def _at_home(
    home: int,
    token: anyio.lowlevel.EventLoopToken,
    call: Callable[[Any], None],
    told: Any,  # noqa: ANN401 - what `call` takes
) -> None:
    """Call it in the run's own thread, because a plain function works, and tells, in another."""
    if threading.get_ident() == home:
        call(told)
    else:
        from anyio import from_thread  # noqa: PLC0415 - 8 ms to import, for threads only

        from_thread.run_sync(call, told, token=token)
