"""One review with faults in it: who answered, who is missing, who is left at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled
from reviewbot.pipeline import DECIDE, MERGE, Lane, reported, review_graph
from reviewbot.review.analysis import Change
from reviewbot.review.classified import Sources
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow
from reviewbot.review.verdict import VerdictPolicy
from reviewbot.testing import Faults, left_over, present

_FIRST_CHOICE = frozenset({"succeeded", "cached"})
_ANSWERED = _FIRST_CHOICE | {"rerouted", "fell_back", "partial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is reviewed, and who reviews it under a plan of faults."""

    change: Change
    sources: Sources
    lanes: Callable[[Faults], tuple[Lane, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review that was run to its end.

    Attributes:
        report: what its reader gets; None when merging or deciding was lost.
        status: how each lane ended.
        late: how many calls were still at work when their node had ended.
        left: tasks, threads and processes that outlived the run.
    """

    report: Report | None
    status: Mapping[str, str]
    faults: Faults
    late: int
    left: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every lane has an answer, be it by a backup."""
        return all(status in _ANSWERED for status in self.status.values())

    @property
    def by_first_choice(self) -> tuple[str, ...]:
        """The lanes that answered themselves."""
        return tuple(name for name, status in self.status.items() if status in _FIRST_CHOICE)

    @property
    def others(self) -> tuple[str, ...]:
        """The lanes that did not."""
        return tuple(name for name in self.status if name not in self.by_first_choice)

    def struck(self, lane: str) -> bool:
        """Whether a fault was injected into this lane."""
        return any(each.name.partition("/")[0] == lane for each in self.faults.injected)

    def names(self, lane: str) -> bool:
        """Whether the reader is told about this lane."""
        return self.report is not None and any(
            warning.split()[0] == lane for warning in self.report.warnings
        )

    def said(self, lane: str) -> tuple[FindingRow, ...]:
        """What the lane found, as the reader gets it; who else found the same is not its doing."""
        rows = () if self.report is None else self.report.findings
        return tuple(replace(row, sources=()) for row in rows if row.node == lane)

    def gaps(self) -> frozenset[str]:
        """Everything that tells the reader that something is missing."""
        if self.report is None:
            return frozenset()
        gaps = (f"{gap.path} {gap.reason}" for gap in self.report.not_reviewed)
        tests = () if self.report.tests is None else (self.report.tests.reason,)
        return frozenset({*gaps, *tests, *self.report.warnings, *self.report.notes} - {""})


async def reviewed(scene: Scene, faults: Faults) -> Reviewed:
    """Run one review under a plan of faults."""
    lanes = scene.lanes(faults)
    graph = review_graph(lanes, VerdictPolicy(), lambda _: scene.sources)
    late = 0

    def listen(event: Event) -> None:
        nonlocal late
        if isinstance(event, NodeSettled):
            late += sum(name.partition("/")[0] == event.node for name in faults.left)

    before = present()
    done = await run(graph, {"change": scene.change}, on_event=listen)
    left = await left_over(before)
    return Reviewed(
        report=_report(done, scene.change),
        status={lane.name: str(done.outcomes[lane.name].status) for lane in lanes},
        faults=faults,
        late=late,
        left=left,
    )


def _report(done: Run, change: Change) -> Report | None:
    if not (done.outcomes[MERGE].ok and done.outcomes[DECIDE].ok):
        return None
    return reported(done, change, seconds=0.0)
