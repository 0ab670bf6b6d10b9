"""Does a plug-in survive, and do the others survive it? One call tries, and says what broke."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import anyio

from reviewbot.dag.edge import Edge
from reviewbot.dag.node import Node
from reviewbot.dag.run import Status
from reviewbot.review.analysis import Analysis, Analyzer
from reviewbot.testing.fault import Fault
from reviewbot.testing.trial import Trial, Tried

Plugin: TypeAlias = Node | Analyzer
Same: TypeAlias = Callable[[Any, Any], bool]

_CUT_OFF = frozenset({Status.CANCELLED, Status.TIMED_OUT})


class NotSurvivedError(AssertionError):
    """Indicates broken promises; `broken` holds one line for each, saying when it was broken."""

    def __init__(self, broken: Sequence[str]) -> None:
        super().__init__("\n".join(broken))
        self.broken = tuple(broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """What was tried: how many runs, and in how many of them the plug-in was cut off."""

    runs: int
    cuts: int


def alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - values of any plug-in
    """Whether two answers are equal; what they cost does not count."""
    if isinstance(one, Analysis) and isinstance(other, Analysis):
        return replace(one, seconds={}) == replace(other, seconds={})
    return bool(one == other)


def survives(  # noqa: PLR0913 - what is tried, and how much of it
    plugin: Plugin,
    inputs: Mapping[str, Any],
    *,
    faults: Sequence[Fault] = tuple(Fault),
    cuts: int = 20,
    seconds: float = 10.0,
    stall: float = 1.0,
    same: Same = alike,
    backends: Sequence[str] = anyio.get_available_backends(),
) -> Survival:
    """Run a plug-in among neighbours, in peace and in trouble, on every event loop there is.

    It runs alone, twice at once, beside a neighbour with each of the `faults`, and it is cut off at
    up to `cuts` of the places where it waits, as a timeout or the end of a run would do. The
    promises: every node has its outcome, and the neighbours the one they have without it; left to
    finish, the plug-in gives the `same` answer each time; cut off, it lets go; it leaves no task,
    thread or process; no run takes more than `seconds`; nobody waits more than `stall` seconds for
    a turn of the event loop.

    `plugin` is an Analyzer, whose inputs are `{"change": change}`, or a node.

    >>> import anyio
    >>> from reviewbot.dag.node import node
    >>> from reviewbot.testing import survives
    >>> @node
    ... async def double(change: int) -> int:
    ...     await anyio.sleep(0.001)
    ...     return 2 * change
    >>> survives(double, {"change": 1}, faults=[], backends=["asyncio"])
    Survival(runs=4, cuts=1)

    Raises:
        NotSurvivedError: a promise was broken.
    """
    trial = Trial(node=as_node(plugin), inputs=inputs, seconds=seconds, stall=stall)
    judges = [_Judge(trial=trial, backend=backend, same=same) for backend in backends]
    for judge in judges:
        judge.judge(faults, cuts)
    broken = [line for judge in judges for line in judge.broken]
    if broken:
        raise NotSurvivedError(broken)
    return Survival(
        runs=sum(judge.runs for judge in judges), cuts=sum(judge.cuts for judge in judges)
    )


def as_node(plugin: Plugin) -> Node:
    """The plug-in as a graph runs it."""
    if isinstance(plugin, Node):
        return plugin
    edges = (Edge(parameter="change", node="change"),)
    return Node(name=plugin.tool, run=plugin.analyze, edges=edges, output=Analysis)


@dataclass(slots=True, kw_only=True)
class _Judge:
    """Tries a plug-in on one event loop and keeps a list of what was broken."""

    trial: Trial
    backend: str
    same: Same
    runs: int = 0
    cuts: int = 0
    broken: list[str] = field(default_factory=list)

    def judge(self, faults: Sequence[Fault], cuts: int) -> None:
        calm = self._heard(self.trial.run(self.backend), "alone")
        if calm.outcome is None or not calm.outcome.ok:
            self._says("alone", f"it gives no answer even in peace: {calm.outcome}")
        if self.broken or calm.outcome is None:
            return  # each further run would say the same again, and take as long
        answer = calm.outcome.value
        for one in self.trial.twice(self.backend):
            self._repeats(answer, self._heard(one, "twice at once"), "twice at once")
        for fault in faults:
            when = f"beside a neighbour that {fault}"
            tried = self._heard(self.trial.run(self.backend, fault=fault), when)
            self._repeats(answer, tried, when)
        for place in _spread(calm.steps, cuts):
            when = f"cut off when it waits for the {place}. time"
            self._lets_go(answer, self._heard(self.trial.run(self.backend, cut=place), when), when)

    def _heard(self, tried: Tried, when: str) -> Tried:
        self.runs += 1
        for complaint in tried.complaints:
            self._says(when, complaint)
        return tried

    def _says(self, when: str, what: str) -> None:
        self.broken.append(f"{self.backend}, {when}: {what}")

    def _repeats(self, answer: Any, tried: Tried, when: str) -> None:  # noqa: ANN401 - any plug-in's
        outcome = tried.outcome
        if outcome is not None and not (outcome.ok and self.same(answer, outcome.value)):
            self._says(when, f"its answer is another one: {outcome} {outcome.value!r:.200}")

    def _lets_go(self, answer: Any, tried: Tried, when: str) -> None:  # noqa: ANN401 - any plug-in's
        if tried.outcome is not None and tried.outcome.status in _CUT_OFF:
            self.cuts += 1
        else:
            self._repeats(answer, tried, when)


def _spread(steps: int, most: int) -> Iterator[int]:
    """Up to `most` of the numbers 1 to `steps`, evenly."""
    taken = min(steps, most)
    return (1 + index * steps // taken for index in range(taken))
