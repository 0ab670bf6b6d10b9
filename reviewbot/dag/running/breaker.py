"""Circuit breakers: what keeps failing is left alone for a while, then tried once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.policy import Breaker


class BreakerState(StrEnum):
    """CLOSED lets everything through, OPEN nothing, HALF_OPEN one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


class BreakerOpenError(Exception):
    """Indicates an attempt that was refused: nothing was called. It may pass another time."""

    failure_kind = FailureKind.TRANSIENT


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one attempt, given in this era of its breaker."""

    breaker: Breaker
    era: int


@dataclass(slots=True)
class _Circuit:
    """The state under one key; a change of state begins a new era."""

    state: BreakerState = BreakerState.CLOSED
    era: int = 0
    failures: int = 0
    opened: float = 0.0

    def become(self, state: BreakerState) -> BreakerState:
        self.state = state
        self.era += 1
        return state


@dataclass(slots=True)
class Breakers:
    """The state of every breaker by its key, for one run or for several that share a clock.

    What an attempt reports counts in the era that admitted it only: one that began before the
    breaker opened says nothing about the probe. Each of `admit`, `succeeded`, `failed` and `left`
    gives the new state if the call changed it. Times are readings of the run's clock.
    """

    _circuits: dict[str, _Circuit] = field(default_factory=dict)

    @property
    def states(self) -> Mapping[str, str]:
        """The present state by key, of those that were ever asked."""
        return {key: str(circuit.state) for key, circuit in sorted(self._circuits.items())}

    def refusal(self, breaker: Breaker, now: float) -> str:
        """Why an attempt would be refused now; empty when it would not."""
        circuit = self._circuit(breaker)
        if circuit.state is BreakerState.HALF_OPEN:
            return f"breaker {breaker.key!r} is half open: its probe is under way"
        wait = circuit.opened + breaker.cooldown - now
        if circuit.state is BreakerState.CLOSED or wait <= 0:
            return ""
        failed = f"{circuit.failures} failure{'s' * (circuit.failures != 1)} in a row"
        return f"breaker {breaker.key!r} is open: {failed}, next probe in {wait:.3g} s"

    def admit(self, breaker: Breaker, now: float) -> tuple[Permit, BreakerState | None]:
        """Let one attempt through.

        Raises:
            BreakerOpenError: the breaker is open, or its probe is under way.
        """
        why = self.refusal(breaker, now)
        if why:
            raise BreakerOpenError(why)
        circuit = self._circuit(breaker)
        is_probe = circuit.state is BreakerState.OPEN
        change = circuit.become(BreakerState.HALF_OPEN) if is_probe else None
        return Permit(breaker, circuit.era), change

    def succeeded(self, permit: Permit) -> BreakerState | None:
        """The attempt gave its value: the failures before it are no longer in a row."""
        circuit = self._circuit(permit.breaker)
        if permit.era != circuit.era:
            return None
        circuit.failures = 0
        if circuit.state is BreakerState.HALF_OPEN:
            return circuit.become(BreakerState.CLOSED)
        return None

    def failed(self, permit: Permit, error: Exception, now: float) -> BreakerState | None:
        """The attempt failed; an error of a type that the breaker does not name tells nothing."""
        circuit = self._circuit(permit.breaker)
        if not isinstance(error, permit.breaker.on):
            return self.left(permit)
        if permit.era != circuit.era:
            return None
        circuit.failures += 1
        is_probe = circuit.state is BreakerState.HALF_OPEN
        if not is_probe and circuit.failures < permit.breaker.failures:
            return None
        circuit.opened = now
        return circuit.become(BreakerState.OPEN)

    def left(self, permit: Permit) -> BreakerState | None:
        """The attempt told nothing, e.g. was cancelled; a probe leaves room for another at once."""
        circuit = self._circuit(permit.breaker)
        if permit.era == circuit.era and circuit.state is BreakerState.HALF_OPEN:
            return circuit.become(BreakerState.OPEN)
        return None

    def _circuit(self, breaker: Breaker) -> _Circuit:
        return self._circuits.setdefault(breaker.key, _Circuit())
