"""One sticky summary, edited in place, never over a newer one, never somebody else's."""

import pytest

from reviewbot.review.actions import Receipt, WriteSummary
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import performed, summary
from tests.fakes.forge.weather import LOST, Fault
from tests.fakes.forge.world import World


def standing(text: str, *, run: int = 1, user: int | None = None) -> World:
    world = World()
    comment = world.new({"body": summary(text, run=run).body})
    if user is not None:
        comment["user"] = {"id": user, "login": "somebody"}
    world.comments.append(comment)
    return world


def written(forge: Forge, text: str, *, run: int = 1, edits: int | None = None) -> Receipt:
    (receipt,) = performed(forge, summary(text, run=run, edits=edits))
    return receipt


@pytest.mark.feature("G08")
@pytest.mark.parametrize("is_known", [True, False])
def test_the_one_summary_is_edited(*, is_known: bool) -> None:
    """Also when it came to be after the list of what stands was read."""
    world = standing("old")
    number = world.comments[0]["id"]
    forge = Forge(world=world)
    receipt = written(forge, "new", run=2, edits=number if is_known else None)
    assert (receipt.status, receipt.id) == ("done", number)
    assert [each["body"].endswith("new") for each in world.comments] == [True]
    assert [call.verb for call in forge.writes] == ["PATCH"]


@pytest.mark.feature("G08")
def test_what_says_the_same_is_not_written_again() -> None:
    world = standing("the same")
    world.comments[0]["body"] = world.comments[0]["body"].replace("\n", "\r\n") + "\r\n"
    forge = Forge(world=world)
    receipt = written(forge, "the same", edits=world.comments[0]["id"])
    assert (receipt.status, forge.writes) == ("unchanged", [])


@pytest.mark.feature("G08")
def test_a_newer_run_is_not_written_over() -> None:
    world = standing("newer", run=9)
    forge = Forge(world=world)
    receipt = written(forge, "older", run=8, edits=world.comments[0]["id"])
    assert (receipt.status, forge.writes) == ("unchanged", [])
    assert "newer run" in receipt.detail


def test_what_somebody_else_wrote_is_left_alone() -> None:
    world = standing("theirs", user=99)
    forge = Forge(world=world)
    receipt = written(forge, "ours", edits=world.comments[0]["id"])
    assert (receipt.status, forge.writes) == ("refused", [])


def test_a_summary_that_was_deleted_meanwhile_is_made_anew() -> None:
    forge = Forge(world=World())
    receipt = written(forge, "new", edits=4711)
    assert (receipt.status, len(forge.world.comments)) == ("done", 1)


@pytest.mark.parametrize("effect", ["none", "before", "late"])
@pytest.mark.parametrize("name", sorted(LOST))
def test_an_edit_whose_answer_was_lost_is_compared(name: str, effect: str) -> None:
    world = standing("old")
    fault = Fault(name, "before" if effect == "before" else "late" if effect == "late" else "none")
    forge = Forge(world=world, faults={2: fault})
    receipt = written(forge, "new", run=2, edits=world.comments[0]["id"])
    assert receipt.status == "done"
    assert [each["body"].endswith("new") for each in world.comments] == [True]
    assert len(forge.writes) == (2 if effect == "none" else 1)


def test_an_edit_that_cannot_be_compared_is_unknown() -> None:
    world = standing("old")
    faults = {2 + number: Fault("502 html") for number in range(8)}
    receipt = written(Forge(world=world, faults=faults), "new", edits=world.comments[0]["id"])
    assert (receipt.status, receipt.again) == ("unknown", True)


def test_copies_are_folded_once() -> None:
    world = standing("first")
    step = WriteSummary(
        key=summary().key, body=summary().body, edits=world.comments[0]["id"], surplus=("N2", "N3")
    )
    assert performed(Forge(world=world), step)[0].status == "done"
    assert world.folded == {"N2", "N3"}
    again = Forge(world=world)
    assert performed(again, step)[0].status == "unchanged"
    assert again.writes == []


def test_copies_that_may_not_be_folded_are_told() -> None:
    world = standing("first")
    world.permits -= {"fold"}
    step = WriteSummary(
        key=summary().key, body=summary().body, edits=world.comments[0]["id"], surplus=("N2",)
    )
    (receipt,) = performed(Forge(world=world), step)
    assert (receipt.status, receipt.detail) == ("degraded", "1 copies could not be folded")
