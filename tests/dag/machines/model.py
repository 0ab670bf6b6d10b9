"""What a run must do, as a tiny sequential interpreter that knows nothing of tasks or queues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reviewbot.dag.edge import EdgeKind

Wanted = tuple[tuple[int, EdgeKind], ...]
Shape = tuple[Wanted, ...]

ATTEMPTS = 2
PAUSE = 5.1173
TIMEOUT = 10.2317
DEADLINE = 30.4031
GRACE = 7.0507
GOOD = "succeeded"


@dataclass(slots=True, kw_only=True)
class State:
    """Where a node is: waiting, working or pausing (until `due`), else settled in `status`."""

    status: str = "waiting"
    value: str | None = None
    attempt: int = 1
    due: float = 0.0

    @property
    def is_settled(self) -> bool:
        return self.status not in {"waiting", "working", "pausing"}


@dataclass(slots=True, kw_only=True)
class Model:
    """A run: `shape` says what every node needs, in order; `started` lists the calls so far.

    `known` are values of an earlier process; when `strict`, one stands only if the node would
    receive again what it was made of, which a value tells. `reason` gives the words of an outcome.
    """

    shape: Shape
    now: float = 0.0
    deadline: float | None = None
    known: Mapping[int, str] = field(default_factory=dict)
    strict: bool = False
    reason: Callable[[int], str] = lambda _: ""
    states: list[State] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    ending: str = ""
    ends: float = 0.0
    is_out_of_grace: bool = False

    def __post_init__(self) -> None:
        self.states = [State() for _ in self.shape]
        self.advance()

    def of(self, status: str) -> list[int]:
        """The nodes in this state."""
        return [place for place, state in enumerate(self.states) if state.status == status]

    def results(self) -> Mapping[str, tuple[str, str | None]]:
        """What the settled nodes gave, by name."""
        return {
            f"n{place}": (state.status, state.value)
            for place, state in enumerate(self.states)
            if state.is_settled
        }

    @property
    def is_over(self) -> bool:
        return all(state.is_settled for state in self.states)

    def advance(self) -> None:
        """Start and settle whatever can be; a node comes after all that it needs."""
        for place, wanted in enumerate(self.shape):
            waits = self.states[place].status == "waiting"
            if waits and all(self.states[other].is_settled for other, _ in wanted):
                self._decide(place, wanted)

    def _decide(self, place: int, wanted: Wanted) -> None:
        state = self.states[place]
        if place in self.known and not (self.strict and self.known[place] != self._value(place)):
            state.status, state.value = GOOD, self.known[place]
            return
        if self._is_cut(place):
            state.status = "skipped" if self.ending == "deadline" else "cancelled"
            return
        lacking = [
            other
            for other, kind in wanted
            if kind is EdgeKind.VALUE and self.states[other].status != GOOD
        ]
        if lacking:
            state.status = "skipped"
        else:
            self._start(place)

    def _start(self, place: int) -> None:
        self.started.append(place)
        self.states[place].status = "working"
        self.states[place].due = self.now + TIMEOUT

    def answer(self, place: int) -> None:
        """A node at work gives its value."""
        self._settle(place, GOOD, self._value(place))

    def _value(self, place: int) -> str:
        told = {f"n{other}": self._given(other, kind) for other, kind in sorted(self.shape[place])}
        return f"n{place}({told})"

    def _given(self, other: int, kind: EdgeKind) -> object:
        state = self.states[other]
        whole = (state.status, state.value, self.reason(other))
        return whole if kind is EdgeKind.OUTCOME else state.value

    def stumble(self, place: int) -> None:
        """A node at work loses its connection: it tries again later, or that was it."""
        state = self.states[place]
        if state.attempt < ATTEMPTS:
            state.attempt += 1
            state.status, state.due = "pausing", self.now + PAUSE
        else:
            self._settle(place, "failed")

    def crash(self, place: int) -> None:
        """A node at work fails for good."""
        self._settle(place, "failed")

    def _settle(self, place: int, status: str, value: str | None = None) -> None:
        self.states[place].status, self.states[place].value = status, value
        self.advance()

    def next_due(self) -> float | None:
        """When something happens next without anybody's doing."""
        if self.is_over:
            return None
        times = [self.states[place].due for place in (*self.of("working"), *self.of("pausing"))]
        if self.ending:
            times.append(self.ends)
        elif self.deadline is not None:
            times.append(self.deadline)
        return min(times, default=None)

    def pass_until(self, when: float) -> None:
        """Time passes to this moment, at which at most one thing is due."""
        self.now = when
        for place in self.of("working"):
            if self.states[place].due <= when:
                self._settle(place, "timed out")
        for place in self.of("pausing"):
            if self.states[place].due <= when:
                self._start(place)
        if self.ending and self.ends <= when:
            self.is_out_of_grace = True
            self._cut()
        elif not self.ending and self.deadline is not None and self.deadline <= when:
            self.end("deadline")

    def end(self, ending: str) -> None:
        """The run ends early: what works is cut off, what waits never starts, what closes stays."""
        if not self.ending:
            self.ending, self.ends = ending, self.now + GRACE
            self._cut()

    def _cut(self) -> None:
        for place, state in enumerate(self.states):
            if state.status in {"working", "pausing"} and self._is_cut(place):
                state.status = "timed out" if self.ending == "deadline" else "cancelled"
        self.advance()

    def _is_cut(self, place: int) -> bool:
        return bool(self.ending) and (self.is_out_of_grace or not self.keeps(place))

    def keeps(self, place: int) -> bool:
        """Whether a node closes the run: all it needs are outcomes, or close the run themselves."""
        wanted = self.shape[place]
        return bool(wanted) and all(
            kind is EdgeKind.OUTCOME or self.keeps(other) for other, kind in wanted
        )
