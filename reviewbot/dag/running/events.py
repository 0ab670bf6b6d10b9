"""What a run tells while it is going, as frozen values, and to whom.

`node` is a path: `lint`, `pack/lint` inside a subgraph, `triage[a.py]` for one item of a map. Times
(`at`) are seconds since the run began.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Attempt, Outcome, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The graph as it will run: what the inputs alone decide is decided; no node has started."""

    run: str
    graph: Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted:
    """A node got its slot."""

    node: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """An attempt begins; `by` is the node or the backup."""

    node: str
    by: str
    number: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSucceeded:
    """An attempt gave the value."""

    node: str
    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFailed:
    """An attempt did not give the value; `retry_in` is seconds, None if this one will not retry."""

    node: str
    attempt: Attempt
    retry_in: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A node said a line."""

    node: str
    text: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A node used budget; `total` is the run's so far."""

    node: str
    amounts: Mapping[str, float]
    total: Mapping[str, float]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerChanged:
    """A circuit breaker is now `state`: closed, open or half open."""

    key: str
    state: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettled:
    """A node ended; told before anything that depends on it starts."""

    node: str
    outcome: Outcome[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettled:
    """Every node ended."""

    run: Run


Event: TypeAlias = (
    RunStarted
    | NodeStarted
    | AttemptStarted
    | AttemptSucceeded
    | AttemptFailed
    | Logged
    | Spent
    | BreakerChanged
    | NodeSettled
    | RunSettled
)


@dataclass(slots=True)
class Listener:
    """Tells one callback; a callback that raises becomes a warning and never hurts the run."""

    on_event: Callable[[Event], None]
    warnings: list[str] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """Call the callback; keep one warning per different error."""
        try:
            self.on_event(event)
        except Exception as error:  # noqa: BLE001 - a stranger's callback must not cost a review
            warning = f"a listener raised {type(error).__name__}: {error}"
            if warning not in self.warnings:
                self.warnings.append(warning)
