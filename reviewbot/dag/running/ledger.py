"""What a run may use and has used: budgets reserved before an attempt, settled after it."""

import math
from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType

import anyio

from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Amounts

_ROUNDING = 1e-9  # sums of fractions such as 0.1 must still fit into their budget
_OVERTAKEN = 32  # at most, because looking through a long queue at every change costs too much


class BudgetError(Exception):
    """Indicates that an attempt can never be paid for; nothing was called."""

    failure_kind = FailureKind.NEEDS_REPLAN


@dataclass(slots=True, eq=False)
class Reservation:
    """Room held for one attempt, and what of it has been used so far."""

    ledger: "Ledger"
    held: dict[str, float]
    charged: dict[str, float] = field(default_factory=dict)
    is_settled: bool = False

    def spend(self, amounts: Amounts) -> None:
        """Charge this now, out of what is held as far as that goes.

        Raises:
            ValueError: an amount below zero, or none at all.
        """
        _check_amounts(amounts)
        for name, amount in amounts.items():
            self.charged[name] = self.charged.get(name, 0.0) + amount
            self.ledger.charge(name, amount, self._drawn(name, amount))

    def _drawn(self, name: str, amount: float) -> float:
        drawn = min(amount, self.held.get(name, 0.0))
        if drawn:
            self.held[name] -= drawn
        return drawn

    def settle(self, *, is_called: bool = True) -> Amounts:
        """End the attempt: what it never told is charged at the estimate, the rest is free again.

        Without a call nothing is charged. Gives what was charged for the attempt in all.
        """
        if not self.is_settled:
            self.is_settled = True
            for name, rest in self.held.items():
                is_due = is_called and name not in self.charged
                if is_due:
                    self.charged[name] = rest
                self.ledger.charge(name, rest if is_due else 0.0, rest)
            self.held.clear()
            self.ledger.close()
        return self.charged


@dataclass(slots=True, eq=False)
class Request:
    """Somebody for whom there was no room when he asked."""

    amounts: Amounts
    answered: anyio.Event = field(default_factory=anyio.Event)
    reservation: Reservation | None = None
    refusal: str = ""
    is_withdrawn: bool = False

    async def granted(self) -> Reservation:
        """The reservation, as soon as there is room for it.

        Raises:
            BudgetError: others have used so much meanwhile that there never will be.
        """
        await self.answered.wait()
        if self.reservation is None:
            raise BudgetError(self.refusal)
        return self.reservation

    def withdraw(self) -> None:
        """Want it no more; what was reserved is given back."""
        self.is_withdrawn = True
        if self.reservation is not None:
            self.reservation.settle(is_called=False)


class Ledger:
    """Budgets by name; for each, spent + reserved never exceeds it as long as estimates hold.

    What a node spends beyond its estimate is charged in full, and so is what has no budget: that is
    only added up. Who waits for room is served by priority, then in the order of asking; those who
    want more than there is at the moment are overtaken by those who want less.

    Raises:
        ValueError: a budget below zero.
    """

    def __init__(self, budgets: Amounts) -> None:
        _check_amounts(budgets)
        self._budgets = dict(budgets)
        self._spent: dict[str, float] = {}
        self._reserved: dict[str, float] = {}
        self._open = 0
        self._serial = count()
        self._waiting: list[tuple[int, int, Request]] = []

    @property
    def budgets(self) -> Amounts:
        """What may be used."""
        return MappingProxyType(self._budgets)

    @property
    def spent(self) -> Amounts:
        """What has been charged so far."""
        return dict(self._spent)

    @property
    def reserved(self) -> Amounts:
        """What is held for attempts under way."""
        return {name: amount for name, amount in self._reserved.items() if amount}

    def fits(self, amounts: Amounts) -> bool:
        """Whether there is room now."""
        return all(self._has(name, amount, self._reserved) for name, amount in amounts.items())

    def impossible(self, amounts: Amounts) -> str:
        """Why there can never be room any more, whoever gives back what; empty when there can."""
        return " and ".join(
            f"needs {amount:g} {name}, but {self._left(name):g} of {self._budgets[name]:g} are left"
            for name, amount in amounts.items()
            if not self._has(name, amount, {})
        )

    def _has(self, name: str, amount: float, reserved: Mapping[str, float]) -> bool:
        budget = self._budgets.get(name, math.inf)
        used = self._spent.get(name, 0.0) + reserved.get(name, 0.0)
        return used + amount <= budget * (1 + _ROUNDING)

    def _left(self, name: str) -> float:
        return max(0.0, self._budgets[name] - self._spent.get(name, 0.0))

    def check(self, amounts: Amounts) -> None:
        """See that this can be reserved at all.

        Raises:
            ValueError: an amount below zero; a name without a budget, where there are budgets.
        """
        _check_amounts(amounts)
        wrong = unknown(amounts, self._budgets)
        if wrong:
            raise ValueError(" and ".join(wrong))

    def reserve(self, amounts: Amounts) -> Reservation:
        """Hold this much, whether or not it `fits`."""
        for name, amount in amounts.items():
            self._reserved[name] = self._reserved.get(name, 0.0) + amount
        self._open += 1
        return Reservation(self, dict(amounts))

    def request(self, amounts: Amounts, priority: int = 0) -> Request:
        """Ask for this much, as soon as there is room for it."""
        request = Request(amounts)
        insort(self._waiting, (-priority, next(self._serial), request))
        self._serve()
        return request

    def charge(self, name: str, amount: float, freed: float) -> None:
        """Book an amount as spent, and as much of what was reserved as free."""
        if amount:
            self._spent[name] = self._spent.get(name, 0.0) + amount
        self._reserved[name] = self._reserved.get(name, 0.0) - freed

    def close(self) -> None:
        """One reservation ended."""
        self._open -= 1
        if not self._open:
            self._reserved.clear()  # what floats left over of nothing
        self._serve()

    def _serve(self) -> None:
        """Answer those who wait, best first, as far as there is room now."""
        place, refused = 0, None
        while place < min(len(self._waiting), _OVERTAKEN):
            request = self._waiting[place][2]
            is_refused = request.amounts == refused  # as the one before: most want the same
            if request.is_withdrawn or (not is_refused and self._is_answered(request)):
                del self._waiting[place]
            else:
                place, refused = place + 1, request.amounts

    def _is_answered(self, request: Request) -> bool:
        if self.fits(request.amounts):
            request.reservation = self.reserve(request.amounts)
        else:
            request.refusal = self.impossible(request.amounts)
            if not request.refusal:
                return False
        request.answered.set()
        return True


def unknown(amounts: Amounts, budgets: Amounts) -> list[str]:
    """What is wrong with the names of these amounts; without any budget every name is fine."""
    return [
        f"there is no budget {name!r}{nearest(name, budgets)}"
        for name in amounts
        if budgets and name not in budgets
    ]


def check_costs(nodes: Mapping[str, Node], budgets: Amounts) -> None:
    """See that what nodes (by path) and their backups cost can be weighed against the budgets.

    Raises:
        GraphError: an estimate names an unknown budget; a subgraph has a cost of its own.
    """
    wrong: list[str] = []
    for path, node in nodes.items():
        policy = node.policy
        if policy.cost is not None and isinstance(node.run, Nested):
            # Its nodes would wait for room that only its own end gives back.
            wrong.append(f"the cost of {path!r} is that of its nodes; it has none of its own")
        for cost in (policy.cost, *(backup.cost for backup in policy.backups)):
            if cost is not None and not callable(cost.estimate):
                wrong.extend(f"{path!r}: {each}" for each in unknown(cost.estimate, budgets))
    if wrong:
        raise GraphError(wrong, phase="start")


def _check_amounts(amounts: Amounts) -> None:
    for name, amount in amounts.items():
        if not amount >= 0:
            raise ValueError(f"{amount:g} {name} is no amount: it must be zero or more")
