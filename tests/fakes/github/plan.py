"""Which request meets which fault: by a script, or by chance from a seed."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.fakes.github.faults import FAULTS, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A fault for one answer.

    Attributes:
        landed: whether the request has its effect all the same.
        late_by: the effect comes only before that many requests later are answered.
    """

    name: str
    landed: bool
    late_by: int = 0

    @property
    def fault(self) -> Fault:
        return FAULTS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    operation: str
    first: int
    last: int | None
    planned: Planned


@dataclass(slots=True)
class Faults:
    """Which request meets which fault."""

    _scripts: list[_Script] = field(default_factory=list)
    _chance: Callable[[], Planned | None] | None = None

    def script(self, operation: str, planned: Planned, *, first: int, times: int | None) -> None:
        """The first-th request for an operation and those after it, ``times`` of them."""
        _known(planned.name)
        last = None if times is None else first + times - 1
        self._scripts.append(_Script(operation=operation, first=first, last=last, planned=planned))

    def by_seed(self, seed: int, rate: float, names: Sequence[str]) -> None:
        """Any request, as chance has it; the same seed gives the same faults."""
        chance = random.Random(seed)  # noqa: S311 — for repetition, not for secrets
        known = [_known(name) for name in names]

        def draw() -> Planned | None:
            hit, name, landed = chance.random(), chance.choice(known), chance.random()
            return Planned(name=name, landed=landed < 0.5) if hit < rate else None

        self._chance = draw

    def at(self, operation: str, nth: int, verb: str) -> Planned | None:
        """The fault of the nth request for an operation."""
        for script in self._scripts:
            last = nth if script.last is None else script.last
            if script.operation == operation and script.first <= nth <= last:
                return script.planned
        drawn = self._chance() if self._chance else None
        lie = drawn is not None and drawn.fault.lies and verb == "GET"
        return None if lie else drawn


def _known(name: str) -> str:
    assert name in FAULTS, f"no such fault: {name}; there are {', '.join(FAULTS)}"
    return name
