"""THE STORY: a review as one declared graph.

::

    change ─┬─▶ lint ──────┐
            ├─▶ types ─────┤
            ├─▶ security ──┼─▶ merge ─▶ decide
            └─▶ tests ─────┘

The change is an input. The analyses run at once and each ends in an Outcome. Merging asks for
Outcomes, so it always runs: what is missing becomes a warning. Deciding is pure. Whatever touches
the world (the analyzers, the sources) comes in as an argument.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from reviewbot.dag.edge import Edge, edges_of
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Backup, Invariant, Policy
from reviewbot.dag.run import Outcome, Run
from reviewbot.review.analysis import Analysis, Analyzer, Change, NotReviewed
from reviewbot.review.classified import BaselineState, Sources
from reviewbot.review.merge import Circumstances, merge
from reviewbot.review.report import Report, report
from reviewbot.review.review import Review
from reviewbot.review.rows import FindingRow, NodeRow, Timing
from reviewbot.review.verdict import Verdict, VerdictPolicy, decide
from reviewbot.review.well_formed import flaw

CHANGE = "change"
MERGE = "merge"
DECIDE = "decide"

_WELL_FORMED = Invariant(name="well formed", holds=lambda analysis: flaw(analysis) or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One analysis of the first wave.

    Attributes:
        name: the node, e.g. ``lint``.
        analyzer: who answers.
        backups: who answers instead, in order, when it cannot.
        policy: how long and how often.
            optional: whether a review is complete without it.
        skipped: why it is left out, or an empty string.
    """

    name: str
    analyzer: Analyzer
    backups: Sequence[Analyzer] = ()
    policy: Policy = field(default_factory=Policy)
    optional: bool = False
    skipped: str = ""


def review_graph(
    lanes: Sequence[Lane],
    policy: VerdictPolicy,
    sources: Callable[[Change], Sources],
    unread: tuple[NotReviewed, ...] = (),
) -> Graph:
    """The graph of one review; its only input is the ``change``.

    Args:
        lanes: the analyses.
        policy: when to block, when to approve.
        sources: gives the texts of both sides.
        unread: what the workspace could not put in front of any analyzer.

    Raises:
        GraphError: two lanes have one name, or one takes a name of the story's own.
    """
    expected = tuple(lane.name for lane in lanes)
    optional = frozenset(lane.name for lane in lanes if lane.optional)

    async def merged(change: Change, **outcomes: Outcome[Analysis]) -> Review:
        around = Circumstances(
            missing=unread, expected=expected, optional=optional, trust=change.trust
        )
        return merge(outcomes.values(), change.diff, sources(change), around)

    async def decided(merge: Review) -> Verdict:
        return decide(merge, policy)

    nodes = (
        *(_analysis(lane) for lane in lanes),
        Node(name=MERGE, run=merged, edges=edges_of(merged, expected), output=Review),
        Node(name=DECIDE, run=decided, edges=edges_of(decided), output=Verdict),
    )
    skipped = {lane.name: f"configuration: {lane.skipped}" for lane in lanes if lane.skipped}
    return Graph(nodes, inputs={CHANGE: Change}, skipped=skipped)


def reported(run: Run, change: Change, *, seconds: float, notes: tuple[str, ...] = ()) -> Report:
    """What is shown of a run.

    Args:
        run: a finished run of a review's graph.
        change: its input.
        seconds: wall time of the whole review, opening the change included.
        notes: what the front door has to say.

    Raises:
        KeyError: the merge or the decision itself failed; that is a bug, not a result.
    """
    _, critical = run.critical_path()
    found = report(
        run.value(MERGE),
        run.value(DECIDE),
        base=change.base.commit,
        head=change.head.commit,
        diff=change.diff,
        nodes=tuple(_row(outcome, run) for outcome in run.outcomes.values()),
        timing=Timing(seconds=round(seconds, 3), critical_path_seconds=round(critical, 3)),
    )
    findings = tuple(replace(each, blob=_blob(each, change)) for each in found.findings)
    return replace(found, findings=findings, notes=(*notes, *found.notes))


def _blob(row: FindingRow, change: Change) -> str:
    """Which content a finding stands in: the base's when it is gone from the head."""
    tree = change.base if row.change == BaselineState.FIXED.value else change.head
    return tree.files.get(row.path, "")


def _analysis(lane: Lane) -> Node:
    backups = tuple(Backup(name=each.tool, run=each.analyze) for each in lane.backups)
    return Node(
        name=lane.name,
        run=lane.analyzer.analyze,
        edges=(Edge(parameter=CHANGE, node=CHANGE),),
        policy=lane.policy.merged(
            Policy(backups=backups, invariants=(*lane.policy.invariants, _WELL_FORMED))
        ),
        output=Analysis,
    )


def _row(outcome: Outcome[object], run: Run) -> NodeRow:
    value = outcome.value
    wave = next(number for number, names in enumerate(run.waves, 1) if outcome.node in names)
    return NodeRow(
        name=outcome.node,
        status=outcome.status.replace(" ", "_"),
        reason=outcome.reason or ("from an earlier run" if outcome.resumed else ""),
        wave=wave,
        attempts=len(outcome.attempts),
        started=round(outcome.started, 3),
        seconds=round(outcome.seconds, 3),
        tried=tuple(f"{each.by}: {each.error}" for each in outcome.attempts if each.error),
        tool_version=_version(value) if isinstance(value, Analysis) else "",
        needs=run.needs.get(outcome.node, ()),
    )


def _version(analysis: Analysis) -> str:
    """``ruff 0.14``; the name alone of a tool that was not started."""
    return f"{analysis.tool} {analysis.tool_version}".rstrip()
