"""THE STORY GOES ON: a report becomes one review on the pull request, as one declared graph.

::

    standing ─▶ plan ─┬─▶ approve ─────────┐         ┌─▶ follow_up
                      ├─▶ comment ─────────┼─▶ tell ─┤
                      └─▶ request_changes ─┘         └─▶ auto_merge

The report and the diff are inputs. What stands on the pull request is read first; planning is pure:
a dry run stops there and prints. One of the three verdicts is posted, or none when all of it stands
already; then the summary and the check tell it, whatever became of the verdict, and last come the
follow-ups. Whoever performs comes in as an argument and answers with receipts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from reviewbot.dag.branch import branch
from reviewbot.dag.edge import edges_of
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Run
from reviewbot.review.actions import (
    Action,
    Actions,
    AssignAuthor,
    EnableMerge,
    Event,
    OpenIssue,
    PostFileComment,
    Receipt,
    SetLabels,
    SubmitReview,
)
from reviewbot.review.diff import Diff
from reviewbot.review.posted import Posted
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report

PLAN = "plan"
Stance = Event | Literal["NOTHING"]
Receipts = tuple[Receipt, ...]

_SPOKEN: tuple[Event, ...] = get_args(Event)
_VERDICT = (SubmitReview, PostFileComment)
_FOLLOW_UP = (SetLabels, AssignAuthor, OpenIssue)
_MERGE = (EnableMerge,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The pull request as it is now, and what stands on it already."""

    pull: PullRequest
    posted: Posted


class Publisher(Protocol):
    """Whoever can read the pull request and write on it."""

    async def standing(self) -> Standing:
        """What is there; a list that could not be read to its end says so."""
        ...

    async def perform(self, steps: tuple[Action, ...]) -> Receipts:
        """Do it, each step at most once; a refusal is a receipt, not an error."""
        ...


def publish_graph(
    planned: Callable[[Report, Diff, Standing], Actions], publisher: Publisher
) -> Graph:
    """The graph of one publication; its inputs are the ``report`` and the ``diff``.

    Args:
        planned: decides what to do; pure.
        publisher: does it.
    """
    steps = _Steps(planned=planned, publisher=publisher)
    verdicts = branch(stance, {**{each: (steps.saying(each),) for each in _SPOKEN}, "NOTHING": ()})
    spoken, told = tuple(each.name for each in verdicts), ("tell",)
    nodes = (
        Node(name="standing", run=publisher.standing, output=Standing),
        Node(name=PLAN, run=steps.plan, edges=edges_of(steps.plan), output=Actions),
        *verdicts,
        _node("tell", steps.tell, spoken),
        _node("follow_up", steps.follow_up, told),
        _node("auto_merge", steps.auto_merge, told),
    )
    return Graph(nodes, inputs={"report": Report, "diff": Diff})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """What the nodes run; parameter names are their dependencies."""

    planned: Callable[[Report, Diff, Standing], Actions]
    publisher: Publisher

    async def plan(self, report: Report, diff: Diff, standing: Standing) -> Actions:
        return self.planned(report, diff, standing)

    async def verdict(self, plan: Actions) -> Receipts:
        return await self.publisher.perform(_of(plan, _VERDICT))

    async def tell(self, plan: Actions, **_before: Outcome[Receipts]) -> Receipts:
        kept = (*_VERDICT, *_FOLLOW_UP, *_MERGE)
        others = tuple(each for each in plan.steps if not isinstance(each, kept))
        return await self.publisher.perform(others)

    async def follow_up(self, plan: Actions, **_before: Outcome[Receipts]) -> Receipts:
        return await self.publisher.perform(_of(plan, _FOLLOW_UP))

    async def auto_merge(
        self, plan: Actions, approve: Receipts, **_before: Outcome[Receipts]
    ) -> Receipts:
        approved = any(each.action == "SubmitReview" and each.status == "done" for each in approve)
        return await self.publisher.perform(_of(plan, _MERGE)) if approved else ()

    def saying(self, event: Event) -> Node:
        """The node that posts one of the verdicts."""
        return _node(event.lower(), self.verdict)


def _node(name: str, run: Callable[..., Awaitable[Receipts]], after: tuple[str, ...] = ()) -> Node:
    """A node that writes, after others whatever became of them."""
    return Node(name=name, run=run, edges=edges_of(run, after), output=Receipts)


def stance(plan: Actions) -> Stance:
    """the verdict to post"""  # noqa: D403, D415 - shown inside a sentence of the graph
    found = next((each for each in plan.steps if isinstance(each, SubmitReview)), None)
    files = any(isinstance(each, PostFileComment) for each in plan.steps)
    return found.event if found else "COMMENT" if files else "NOTHING"


def receipts(run: Run) -> Receipts:
    """All receipts of a run; a node that could not end leaves one that says so."""
    found: list[Receipt] = []
    for outcome in run.outcomes.values():
        if isinstance(outcome.value, tuple):
            found.extend(outcome.value)
        elif not outcome.ok and outcome.attempts:
            found.append(Receipt(action=outcome.node, status="unknown", detail=outcome.reason))
    return tuple(found)


def _of(plan: Actions, kinds: tuple[type[Action], ...]) -> tuple[Action, ...]:
    return tuple(each for each in plan.steps if isinstance(each, kinds))
