"""Comments on files: made, closed, opened again; folding is a bonus."""

import pytest

from reviewbot.review.actions import CloseComment, EditComment, FoldReview, ReopenComment
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import file_comment, marked, performed
from tests.fakes.forge.weather import LOST, Effect, Fault
from tests.fakes.forge.world import World

KEY = "f" * 16


def commented() -> World:
    world = World()
    world.review_comments.append(world.new({"body": marked("comment", "finding", key=KEY)}))
    return world


def closing(world: World) -> CloseComment:
    (there,) = world.review_comments
    body = marked("comment", "fixed", key=KEY)
    return CloseComment(key=KEY, id=there["id"], node_id=there["node_id"], body=body)


def test_a_comment_on_a_whole_file_is_posted_once() -> None:
    forge = Forge(world=World())
    assert [each.status for each in performed(forge, file_comment())] == ["done"]
    assert [each.status for each in performed(forge, file_comment())] == ["unchanged"]
    (posted,) = forge.world.review_comments
    assert posted["subject_type"] == "file"


def test_a_comment_on_a_file_that_is_not_in_the_diff_is_refused() -> None:
    forge = Forge(world=World())
    (receipt,) = performed(forge, file_comment(path="elsewhere.py"))
    assert (receipt.status, receipt.again) == ("refused", False)


@pytest.mark.feature("G10")
def test_a_fixed_finding_is_said_and_folded() -> None:
    world = commented()
    step = closing(world)
    assert [each.status for each in performed(Forge(world=world), step)] == ["done"]
    assert world.review_comments[0]["body"].endswith("fixed")
    assert world.folded == {step.node_id}


@pytest.mark.feature("G10")
def test_who_may_not_fold_edits_and_says_so() -> None:
    world = commented()
    world.permits -= {"fold"}
    (receipt,) = performed(Forge(world=world), closing(world))
    assert receipt.status == "degraded"
    assert "not folded" in receipt.detail
    assert world.review_comments[0]["body"].endswith("fixed")


@pytest.mark.parametrize("effect", ["none", "before", "late"])
@pytest.mark.parametrize("name", sorted(LOST))
@pytest.mark.parametrize("at", [2, 3])
def test_closing_survives_a_lost_answer(name: str, effect: Effect, at: int) -> None:
    world = commented()
    (receipt,) = performed(Forge(world=world, faults={at: Fault(name, effect)}), closing(world))
    assert receipt.status == "done"
    assert world.review_comments[0]["body"].endswith("fixed")
    assert len(world.folded) == 1


def test_a_comment_that_is_gone_is_closed() -> None:
    world = commented()
    step = closing(world)
    world.review_comments.clear()
    assert [each.status for each in performed(Forge(world=world), step)] == ["unchanged"]


@pytest.mark.feature("G10")
def test_a_finding_that_comes_back_is_shown_again() -> None:
    world = commented()
    step = closing(world)
    performed(Forge(world=world), step)
    body = marked("comment", "it is back", key=KEY)
    again = ReopenComment(key=KEY, id=step.id, node_id=step.node_id, body=body)
    assert [each.status for each in performed(Forge(world=world), again)] == ["done"]
    assert (world.folded, world.review_comments[0]["body"]) == (set(), body)


def test_a_list_is_brought_up_to_date_once_and_is_not_folded() -> None:
    world = commented()
    forge = Forge(world=world)
    body = marked("comment", "two of them", key=KEY)
    step = EditComment(key=KEY, id=world.review_comments[0]["id"], body=body)
    assert [each.status for each in performed(forge, step)] == ["done"]
    assert [each.status for each in performed(forge, step)] == ["unchanged"]
    assert (len(forge.writes), world.folded, world.review_comments[0]["body"]) == (1, set(), body)


@pytest.mark.parametrize("effect", ["none", "before", "late"])
@pytest.mark.parametrize("name", sorted(LOST))
def test_editing_survives_a_lost_answer(name: str, effect: Effect) -> None:
    world = commented()
    body = marked("comment", "two of them", key=KEY)
    step = EditComment(key=KEY, id=world.review_comments[0]["id"], body=body)
    (receipt,) = performed(Forge(world=world, faults={2: Fault(name, effect)}), step)
    assert receipt.status == "done"
    assert world.review_comments[0]["body"] == body


def test_a_comment_that_somebody_deleted_is_not_written_again() -> None:
    world = commented()
    step = EditComment(
        key=KEY, id=world.review_comments[0]["id"], body=marked("comment", "new", key=KEY)
    )
    world.review_comments.clear()
    assert [each.status for each in performed(Forge(world=world), step)] == ["unchanged"]
    assert world.review_comments == []


def test_a_review_that_repeats_another_is_folded_once() -> None:
    forge = Forge(world=World())
    step = FoldReview(id=1, node_id="N1")
    assert [each.status for each in performed(forge, step)] == ["done"]
    assert [each.status for each in performed(forge, step)] == ["unchanged"]
    assert (forge.world.folded, len(forge.writes)) == ({"N1"}, 1)
