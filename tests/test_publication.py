"""The second half of the story: which step runs when, whatever becomes of the one before."""

from collections.abc import Sequence

import pytest

from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.runner import run
from reviewbot.dag.trace.describe import described
from reviewbot.publication import Standing, publish_graph, receipts
from reviewbot.review.actions import (
    Action,
    Actions,
    EnableMerge,
    Event,
    OpenIssue,
    Receipt,
    SetLabels,
    SubmitReview,
    WriteSummary,
)
from reviewbot.review.diff import Diff
from reviewbot.review.posted import Posted
from reviewbot.testing.fakes.publisher import Desk
from tests.render.sample import REPORT
from tests.review.publishing.situations import PULL

pytestmark = pytest.mark.anyio

HEAD = PULL.head
SUMMARY = WriteSummary(key="s", body="summary")
LABELS = SetLabels(add=("reviewbot: clean",))
ISSUE = OpenIssue(key="i", title="t", body="b")
MERGE = EnableMerge(head=HEAD)


def review(event: Event) -> SubmitReview:
    return SubmitReview(key="r", event=event, commit=HEAD, body="b", whole_body="w")


Kinds = tuple[type[Action], ...]


def desk_of(*, fails: Kinds = (), breaks: Kinds = ()) -> Desk:
    stands = Standing(pull=PULL, posted=Posted(complete=True))
    return Desk(stands=stands, fails=fails, breaks=breaks)


async def publish(desk: Desk, *steps: Action) -> tuple[Receipt, ...]:
    graph = publish_graph(lambda *_: Actions(steps=steps, places={}), desk)
    return receipts(await run(graph, {"report": REPORT, "diff": Diff(files=())}))


def test_the_story_is_one_graph() -> None:
    assert lines(described(publish_graph(lambda *_: Actions(steps=(), places={}), desk_of()))) == (
        "wave 1  standing",
        "wave 2  plan  <- report, diff, standing",
        "wave 3  approve  <- plan  when stance is 'APPROVE'",
        "wave 3  comment  <- plan  when stance is 'COMMENT'",
        "wave 3  request_changes  <- plan  when stance is 'REQUEST_CHANGES'",
        "wave 4  tell  <- plan, approve!, comment!, request_changes!",
        "wave 5  follow_up  <- plan, tell!",
        "wave 5  auto_merge  <- plan, approve, tell!",
    )


@pytest.mark.feature("R07")
@pytest.mark.parametrize("event", ["APPROVE", "COMMENT", "REQUEST_CHANGES"])
async def test_the_verdict_comes_first_then_the_summary_then_what_follows(event: Event) -> None:
    desk = desk_of()

    await publish(desk, LABELS, ISSUE, SUMMARY, review(event))

    assert desk.done == ["SubmitReview", "WriteSummary", "SetLabels", "OpenIssue"]


async def test_a_verdict_that_stands_already_is_not_said_again() -> None:
    desk = desk_of()

    await publish(desk, SUMMARY)

    assert desk.done == ["WriteSummary"]


@pytest.mark.parametrize("trouble", ["fails", "breaks"])
async def test_the_summary_is_written_whatever_became_of_the_verdict(trouble: str) -> None:
    desk = desk_of(**{trouble: (SubmitReview,)})

    told = await publish(desk, review("REQUEST_CHANGES"), SUMMARY, LABELS)

    assert desk.done[-2:] == ["WriteSummary", "SetLabels"]
    assert [each.status for each in told] == [
        "refused" if trouble == "fails" else "unknown",
        "done",
        "done",
    ]


@pytest.mark.feature("R10")
@pytest.mark.parametrize(
    ("steps", "fails", "merges"),
    [
        ((review("APPROVE"), MERGE), (), True),
        ((review("APPROVE"), MERGE), (SubmitReview,), False),
        ((review("COMMENT"), MERGE), (), False),
        ((MERGE,), (), False),
    ],
    ids=["approved", "the approval was refused", "only a comment", "nothing was said"],
)
async def test_only_an_approval_that_was_given_lets_the_forge_merge(
    steps: Sequence[Action], fails: tuple[type[Action], ...], *, merges: bool
) -> None:
    desk = desk_of(fails=fails)

    await publish(desk, *steps)

    assert ("EnableMerge" in desk.done) is merges
