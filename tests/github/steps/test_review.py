"""The review: in the form that is taken, on the commit that was seen."""

from collections.abc import Callable

import pytest

from reviewbot.review.actions import Event
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import HEAD, marked, performed, review, summary
from tests.fakes.forge.weather import Fault
from tests.fakes.forge.world import BOT, World

FINDINGS = ("first finding", "second finding")
SENT_AT = 2


def everything(world: World) -> str:
    return " ".join(each["body"] for each in (*world.reviews, *world.review_comments))


@pytest.mark.feature("R08")
@pytest.mark.parametrize(
    ("world", "event", "word"),
    [
        (World(actions_approve=False), "APPROVE", "Allow GitHub Actions to create and approve"),
        (World(author=BOT), "APPROVE", "own pull request"),
        (World(author=BOT), "REQUEST_CHANGES", "own pull request"),
        (World(verdicts=False), "REQUEST_CHANGES", "verdict was refused"),
        (World(verdicts=False), "APPROVE", "verdict was refused"),
        (World(lines={"a.py": frozenset({1})}), "COMMENT", "anchors refused"),
        (World(lines={}), "REQUEST_CHANGES", "anchors refused"),
    ],
)
def test_a_refused_form_becomes_another_with_the_same_words(
    world: World, event: Event, word: str
) -> None:
    forge = Forge(world=world)
    (receipt,) = performed(forge, review(event))
    assert (receipt.status, receipt.again) == ("degraded", False)
    assert word in receipt.detail
    (posted,) = world.reviews
    assert posted["id"] == receipt.id
    assert all(each in everything(world) for each in FINDINGS)


@pytest.mark.feature("G07")
def test_refused_anchors_cost_one_more_post_and_keep_the_verdict() -> None:
    forge = Forge(world=World(lines={}))
    performed(forge, review("REQUEST_CHANGES"))
    assert [call.verb for call in forge.writes] == ["POST", "POST"]
    (posted,) = forge.world.reviews
    assert (posted["state"], posted["commit_id"]) == ("CHANGES_REQUESTED", HEAD)
    assert all(each in posted["body"] for each in FINDINGS)


def test_an_own_pull_request_is_not_even_asked_for_a_verdict() -> None:
    forge = Forge(world=World(author=BOT))
    performed(forge, review("APPROVE"))
    assert len(forge.writes) == 1


def test_a_body_too_long_is_cut_once_more() -> None:
    parts = "\n\n".join(f"finding {number}" for number in range(100))
    step = review("COMMENT", {})
    forge = Forge(world=World(longest=1000))
    (receipt,) = performed(
        forge,
        type(step)(
            key=step.key,
            event="COMMENT",
            commit=HEAD,
            body=marked("review", parts),
            whole_body=parts,
        ),
    )
    assert receipt.status == "degraded"
    assert "job summary" in receipt.detail
    assert forge.world.reviews[0]["body"].endswith("the rest stands in the job summary.")


@pytest.mark.feature("R08", "G28")
@pytest.mark.parametrize("event", ["COMMENT", "APPROVE"])
def test_without_permission_everything_is_refused_after_the_first_try(event: Event) -> None:
    forge = Forge(world=World(permits=frozenset()))
    receipts = performed(forge, review(event), summary())
    assert [each.status for each in receipts] == ["refused", "refused"]
    assert all("`pull-requests: write`" in each.detail for each in receipts)
    assert not any(each.again for each in receipts)
    assert len(forge.writes) <= (1 if event == "COMMENT" else 3)


@pytest.mark.parametrize("has_read", [True, False])
def test_our_own_unsubmitted_review_is_out_of_the_way(*, has_read: bool) -> None:
    world = World()
    world.reviews.append(world.new({"body": review().body, "commit_id": HEAD}, state="PENDING"))
    (receipt,) = performed(Forge(world=world), review(), has_read=has_read)
    assert receipt.status == "done"
    assert [each["state"] for each in world.reviews] == ["COMMENTED"]


def test_an_unsubmitted_review_of_somebody_else_stays() -> None:
    """Every workflow of the repository writes as the same account."""
    world = World()
    world.reviews.append(world.new({"body": "another tool", "commit_id": HEAD}, state="PENDING"))
    (receipt,) = performed(Forge(world=world), review())
    assert receipt.status == "refused"
    assert [each["state"] for each in world.reviews] == ["PENDING"]


@pytest.mark.feature("R13")
@pytest.mark.parametrize("state", ["COMMENTED", "APPROVED", "DISMISSED"])
def test_a_review_of_this_head_is_not_said_again(state: str) -> None:
    world = World()
    world.reviews.append(world.new({"body": review().body, "commit_id": HEAD}, state=state))
    forge = Forge(world=world)
    (receipt,) = performed(forge, review("APPROVE"))
    assert (receipt.status, receipt.id, forge.writes) == ("unchanged", world.reviews[0]["id"], [])


def test_a_copied_marker_is_nobody() -> None:
    world = World()
    stranger = {"id": 99, "login": "mallory"}
    record = world.new({"body": review().body, "commit_id": HEAD}, state="COMMENTED")
    world.reviews.append({**record, "user": stranger})
    (receipt,) = performed(Forge(world=world), review())
    assert receipt.status == "done"
    assert len(world.reviews) == 2


STATES: dict[str, Callable[[World], None]] = {
    "push": World.push,
    "close": lambda world: setattr(world, "state", "closed"),
    "merge": lambda world: setattr(world, "merged", True),
    "lock": lambda world: setattr(world, "locked", True),
    "draft": lambda world: setattr(world, "draft", True),
}


@pytest.mark.feature("R08")
@pytest.mark.parametrize("happens", STATES)
@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("event", ["APPROVE", "REQUEST_CHANGES", "COMMENT"])
def test_a_pull_request_that_moved_on_gets_no_review(happens: str, at: int, event: Event) -> None:
    forge = Forge(world=World(), events={at: STATES[happens]})
    (receipt,) = performed(forge, review(event))
    assert (receipt.status, receipt.again, forge.writes) == ("refused", False, [])
    assert receipt.detail


@pytest.mark.feature("R08")
@pytest.mark.parametrize("at", [SENT_AT, SENT_AT + 1])
@pytest.mark.parametrize("event", ["APPROVE", "REQUEST_CHANGES"])
def test_a_verdict_that_the_head_overtook_is_taken_back(at: int, event: Event) -> None:
    """The push comes while the review is on its way, or right after it."""
    forge = Forge(world=World(), events={at: World.push})
    (receipt,) = performed(forge, review(event))
    assert [each["state"] for each in forge.world.reviews] == ["DISMISSED"]
    assert receipt.status == "degraded"
    assert "taken back" in receipt.detail


def test_a_verdict_that_was_overtaken_is_taken_back_from_a_closed_pull_request_too() -> None:
    events = {SENT_AT: World.push, SENT_AT + 1: STATES["close"]}
    forge = Forge(world=World(), events=events)
    (receipt,) = performed(forge, review("APPROVE"))
    assert [each["state"] for each in forge.world.reviews] == ["DISMISSED"]
    assert receipt.status == "degraded"


def test_a_verdict_that_cannot_be_taken_back_is_told() -> None:
    faults = {SENT_AT + 2 + number: Fault("502 html") for number in range(30)}
    event = {SENT_AT + 1: World.push}
    forge = Forge(world=World(), faults=faults, events=event)
    (receipt,) = performed(forge, review("APPROVE"))
    assert (receipt.status, receipt.again) == ("unknown", True)


def test_an_approval_is_taken_back_when_nobody_can_see_whether_it_is_right() -> None:
    faults = {SENT_AT + 1 + number: Fault("502 html") for number in range(4)}
    forge = Forge(world=World(), faults=faults)
    (receipt,) = performed(forge, review("APPROVE"))
    assert [each["state"] for each in forge.world.reviews] == ["DISMISSED"]
    assert receipt.status == "degraded"


def test_a_block_stays_when_nobody_can_see_whether_it_is_right() -> None:
    faults = {SENT_AT + 1 + number: Fault("502 html") for number in range(4)}
    forge = Forge(world=World(), faults=faults)
    (receipt,) = performed(forge, review("REQUEST_CHANGES"))
    assert [each["state"] for each in forge.world.reviews] == ["CHANGES_REQUESTED"]
    assert (receipt.status, receipt.again) == ("done", True)
