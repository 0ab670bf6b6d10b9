"""What follows a verdict: taken back, labelled, assigned, an issue, a merge."""

import pytest

from reviewbot.review.actions import (
    Action,
    AssignAuthor,
    DismissReview,
    EnableMerge,
    SetLabels,
)
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import HEAD, issue, performed, review
from tests.fakes.forge.weather import LOST, Effect, Fault
from tests.fakes.forge.world import World


def blocked(state: str = "CHANGES_REQUESTED") -> World:
    world = World(labels=["theirs", "reviewbot: blocking"])
    world.reviews.append(world.new({"body": review().body, "commit_id": HEAD}, state=state))
    return world


DISMISS = DismissReview(id=1001, reason="fixed")
LABELS = SetLabels(add=("reviewbot: clean",), remove=("reviewbot: blocking",))
ASSIGN = AssignAuthor(login="ada")
MERGE = EnableMerge(head=HEAD)


def arrived(world: World, step: Action) -> bool:
    match step:
        case DismissReview():
            return bool(world.reviews[0]["state"] == "DISMISSED")
        case SetLabels():
            return world.labels == ["theirs", "reviewbot: clean"]
        case AssignAuthor():
            return world.assignees == ["ada"]
        case _:
            return world.auto_merge


steps = pytest.mark.parametrize(
    "step", [DISMISS, LABELS, ASSIGN, MERGE], ids=lambda step: type(step).__name__
)


@pytest.mark.feature("G17")
@steps
def test_it_is_done_and_said_the_second_time_as_well(step: Action) -> None:
    world = blocked()
    assert [each.status for each in performed(Forge(world=world), step)] == ["done"]
    assert arrived(world, step)
    again = performed(Forge(world=world), step)
    assert again[0].status in {"done", "unchanged"}
    assert arrived(world, step)


@pytest.mark.parametrize("effect", ["none", "before", "late"])
@pytest.mark.parametrize("name", sorted(LOST.keys() - {"200 array"}))  # labels are an array
@pytest.mark.parametrize("nth", [1, 2])
@steps
def test_a_lost_answer_costs_nothing(step: Action, name: str, effect: Effect, nth: int) -> None:
    calm = Forge(world=blocked())
    performed(calm, step)
    writes = [number for number, call in enumerate(calm.sent) if call.writes]
    world = blocked()
    at = writes[min(nth, len(writes)) - 1]
    (receipt,) = performed(Forge(world=world, faults={at: Fault(name, effect)}), step)
    assert receipt.status in {"done", "unchanged"}
    assert arrived(world, step)


@pytest.mark.feature("R09")
@pytest.mark.parametrize("state", ["DISMISSED", "COMMENTED"])
def test_what_was_dismissed_before_is_done(state: str) -> None:
    (receipt,) = performed(Forge(world=blocked(state)), DISMISS)
    assert receipt.status == "unchanged"


@pytest.mark.feature("R11")
def test_ten_runs_open_one_issue() -> None:
    world = World()
    found = [performed(Forge(world=world), issue())[0].status for _ in range(10)]
    assert found == ["done", *["unchanged"] * 9]
    assert len(world.issues) == 1
    assert world.issues[0]["labels"] == ["bug"]


def test_our_issue_is_found_among_hundreds() -> None:
    world = World()
    performed(Forge(world=world), issue())
    for number in range(250):
        other = world.new({"body": f"issue {number}"}, state="open")
        world.issues.append({**other, "number": other["id"], "user": {"id": 99, "login": "x"}})
    forge = Forge(world=world)
    assert performed(forge, issue())[0].status == "unchanged"
    pages = [call.params["page"] for call in forge.sent if call.path.endswith("/issues")]
    assert pages == ["1", "2", "3"]


def test_no_issue_older_than_the_pull_request_is_looked_at() -> None:
    world = World()
    for number in range(250):
        other = world.new({"body": "old"}, state="open")
        world.issues.append({**other, "number": number - 240})
    forge = Forge(world=world)
    assert performed(forge, issue())[0].status == "done"
    assert [call.params.get("page") for call in forge.sent if call.path.endswith("/issues")] == [
        "1",
        None,
    ]


def test_who_may_not_be_assigned_is_named() -> None:
    (receipt,) = performed(Forge(world=World(collaborators=frozenset())), ASSIGN)
    assert receipt.status == "refused"
    assert "ada" in receipt.detail


@pytest.mark.feature("R10")
def test_another_head_is_never_merged() -> None:
    """The forge compares the head itself: a push between our look and its doing changes nothing."""
    forge = Forge(world=World(), events={2: World.push})
    (receipt,) = performed(forge, MERGE)
    assert (receipt.status, forge.world.auto_merge) == ("refused", False)


@pytest.mark.feature("R10")
def test_who_may_not_merge_is_told() -> None:
    (receipt,) = performed(Forge(world=World(permits=frozenset({"pull_requests"}))), MERGE)
    assert (receipt.status, receipt.again) == ("refused", False)
    assert "`contents: write`" in receipt.detail
