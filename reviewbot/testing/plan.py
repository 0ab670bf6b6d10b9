"""Which calls fail and how, decided by a seed or by a script, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from reviewbot.testing.fault import Fault

Script = Mapping[str, Sequence[Fault | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """One fault that happened: who was called, for which time (1, 2, ...), and what befell it."""

    name: str
    call: int
    fault: Fault


class Plan:
    """Decides for every call whether it fails; knows afterwards what it decided.

    `calls` counts them by name, `injected` lists the faults in the order in which they struck, and
    `at_work` counts the calls that have not ended: after a run, none may be left.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        rate: float = 0.05,
        kinds: Sequence[Fault] = tuple(Fault),
        script: Script | None = None,
        seconds: float = 0.02,
    ) -> None:
        self.seconds = seconds
        self.injected: list[Injected] = []
        self.calls: Counter[str] = Counter()
        self.at_work: Counter[str] = Counter()
        self._seed, self._rate, self._kinds, self._script = seed, rate, tuple(kinds), script

    def __repr__(self) -> str:
        told = f"seed={self._seed}, rate={self._rate:g}" if self._script is None else "by script"
        return f"{type(self).__name__}({told}, injected={len(self.injected)})"

    def drawn(self, name: str) -> Fault | None:
        """What befalls the next call of this name; counts the call and writes the fault down."""
        self.calls[name] += 1
        call = self.calls[name]
        fault = self._planned(name, call)
        if fault is not None:
            self.injected.append(Injected(name=name, call=call, fault=fault))
        return fault

    @contextmanager
    def watched(self, name: str) -> Iterator[None]:
        """While inside, a call of this name is at work."""
        self.at_work[name] += 1
        try:
            yield
        finally:
            self.at_work[name] -= 1

    @property
    def left(self) -> tuple[str, ...]:
        """The names with a call that has not ended."""
        return tuple(sorted(name for name, count in self.at_work.items() if count))

    def _planned(self, name: str, call: int) -> Fault | None:
        if self._script is not None:
            faults = self._script.get(name, ())
            return faults[call - 1] if call <= len(faults) else None
        chance = Random(f"{self._seed} {name} {call}")  # noqa: S311 - reproducible is the point
        return chance.choice(self._kinds) if chance.random() < self._rate else None
