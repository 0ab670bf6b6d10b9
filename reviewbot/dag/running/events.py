"""What a run tells while it is going, as frozen values, and to whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from reviewbot.dag.run import Attempt, Outcome, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted:
    """A node got its slot; `at` is seconds since the run began."""

    node: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFailed:
    """An attempt did not give the value; `retry_in` is seconds, None if this one will not retry."""

    node: str
    attempt: Attempt
    retry_in: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettled:
    """A node ended; told before anything that depends on it starts."""

    outcome: Outcome[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettled:
    """Every node ended."""

    run: Run


Event: TypeAlias = NodeStarted | AttemptFailed | NodeSettled | RunSettled


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
