"""What happened: an Outcome for every node, made of Attempts, in one frozen Run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from reviewbot.dag import topology
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.making import maker
from reviewbot.dag.topology import Links, Names

T_co = TypeVar("T_co", covariant=True)


class Status(StrEnum):
    """How a node ended; every node ends in exactly one of these."""

    SUCCEEDED = "succeeded"
    CACHED = "cached"
    FELL_BACK = "fell back"
    REROUTED = "rerouted"
    PARTIAL = "partial"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def ok(self) -> bool:
        """Whether a value that dependents can use came out."""
        return self in _USABLE


_USABLE = frozenset(
    {Status.SUCCEEDED, Status.CACHED, Status.FELL_BACK, Status.REROUTED, Status.PARTIAL}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try. `started` is seconds since the run began, `delay` the wait before it in seconds.

    `by` is the node's own name or the name of the backup that was tried; `error` is None when the
    attempt gave the value.
    """

    number: int
    by: str
    started: float
    seconds: float
    error: str | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T_co]):
    """How one node ended, with its value or the reason why there is none.

    `reason` is empty only when the node succeeded. `answered_by` is the node, a backup,
    "fallback", or empty when nobody answered. `started` is seconds since the run began. `kind` says
    what kind of failure `error` is, `spent` what the attempts used of the run's budgets, `inner` is
    the run of the node's own graph, and `resumed` says that an earlier process finished it.
    """

    node: str
    status: Status
    value: T_co | None = None
    reason: str = ""
    attempts: tuple[Attempt, ...] = ()
    answered_by: str = ""
    started: float = 0.0
    seconds: float = 0.0
    error: Exception | None = None
    kind: FailureKind | None = None
    spent: Mapping[str, float] = field(default_factory=dict)
    inner: "Run | None" = None
    resumed: bool = False

    @property
    def ok(self) -> bool:
        """Whether a usable value exists."""
        status = self.status
        return status is Status.SUCCEEDED or status in _USABLE  # an Enum's hash is slow

    def __str__(self) -> str:
        return (
            f"{self.node} {self.status} ({self.reason})"
            if self.reason
            else f"{self.node} {self.status}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Run:
    """Everything that happened in one run of a graph.

    `outcomes` are in topological order; `needs` and `dependents` link their names, `waves` group
    them as a picture. `seconds` is the whole run, `ended` says what cut it short or is empty, and
    `warnings` are troubles of the run itself, such as a listener that raised. `name` is the run's
    own, `spent` what all nodes used of the budgets, `breakers` the state of each at the end.
    """

    outcomes: Mapping[str, Outcome[Any]]
    seconds: float
    needs: Links = field(default_factory=dict)
    dependents: Links = field(default_factory=dict)
    waves: tuple[Names, ...] = ()
    ended: str = ""
    warnings: tuple[str, ...] = ()
    name: str = ""
    spent: Mapping[str, float] = field(default_factory=dict)
    breakers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        # Short, because asyncio makes the text of whatever its main task returns.
        found = Counter(outcome.status for outcome in self.outcomes.values())
        told = ", ".join(f"{count} {status}" for status, count in found.items())
        return f"Run({self.name}: {told})" if self.name else f"Run({told})"

    @property
    def durations(self) -> Mapping[str, float]:
        """Measured seconds of each node; 0 for one that never started."""
        return {name: outcome.seconds for name, outcome in self.outcomes.items()}

    def critical_path(self) -> tuple[Names, float]:
        """The longest chain by measured seconds, and those seconds."""
        rest = topology.remaining(tuple(self.outcomes), self.dependents, self.durations)
        return topology.longest_path(self.dependents, rest), max(rest.values(), default=0.0)

    def slack(self) -> Mapping[str, float]:
        """For each node how many seconds later it could have ended without delaying the run."""
        order = tuple(self.outcomes)
        return topology.slack(order, self.needs, self.dependents, self.durations)

    def value(self, name: str) -> Any:  # noqa: ANN401 - the engine does not know the type
        """The value of a node.

        Raises:
            KeyError: the node is unknown, or ended without a usable value (the text says why).
        """
        outcome = self.outcomes[name]
        if not outcome.ok:
            raise KeyError(str(outcome))
        return outcome.value

    def with_status(self, *statuses: Status) -> tuple[Outcome[Any], ...]:
        """The outcomes in any of these statuses, in the order of the graph."""
        return tuple(outcome for outcome in self.outcomes.values() if outcome.status in statuses)

    def explain(self, name: str) -> str:
        """One line: how the node ended and what that meant for each of its dependents.

        Example: `security timed out (timeout 60 s, attempt 3 of 3): merge continued without it,
        triage skipped`.
        """
        outcome = self.outcomes[name]
        if outcome.status is Status.SUCCEEDED:
            return str(outcome)
        told = ", ".join(
            self._consequence(outcome, other) for other in self.dependents.get(name, ())
        )
        return f"{outcome}: {told}" if told else str(outcome)

    def _consequence(self, outcome: Outcome[Any], dependent: str) -> str:
        status = self.outcomes[dependent].status
        if not status.ok:
            return f"{dependent} {status}"
        return (
            f"{dependent} continued with it" if outcome.ok else f"{dependent} continued without it"
        )

    def failures(self) -> tuple[str, ...]:
        """`explain` for every node that did not simply succeed or stay in the cache."""
        return tuple(
            self.explain(outcome.node)
            for outcome in self.outcomes.values()
            if outcome.status not in {Status.SUCCEEDED, Status.CACHED}
        )


make_attempt = maker(Attempt)
make_outcome = maker(Outcome)
