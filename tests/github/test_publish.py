"""Actions become receipts: each thing once, each refusal with its word."""

from dataclasses import replace

import pytest

from reviewbot.review.actions import CloseComment
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import QUICK, check, issue, publisher, review, summary
from tests.fakes.forge.weather import Fault
from tests.fakes.forge.world import World

pytestmark = pytest.mark.anyio

VERDICT = (review(), summary())


@pytest.mark.feature("G07")
async def test_a_review_and_a_summary_are_one_post_each() -> None:
    forge = Forge(world=World())
    receipts = await publisher(forge).perform(VERDICT)
    assert [each.status for each in receipts] == ["done", "done"]
    assert [call.path.rpartition("/")[2] for call in forge.writes] == ["reviews", "comments"]
    (posted,) = forge.world.reviews
    assert (posted["id"], posted["commit_id"]) == (receipts[0].id, "a" * 40)
    assert len(forge.world.review_comments) == 2


@pytest.mark.feature("R13")
async def test_doing_it_all_again_posts_nothing() -> None:
    forge = Forge(world=World())
    await publisher(forge).perform(VERDICT)
    again = await publisher(forge).perform(VERDICT)
    assert [each.status for each in again] == ["unchanged", "unchanged"]
    assert len(forge.writes) == 2


async def test_a_lost_answer_is_not_a_lost_review() -> None:
    forge = Forge(world=World(), faults={2: Fault("connection reset", "before")})
    receipts = await publisher(forge).perform((review(),))
    assert [each.status for each in receipts] == ["done"]
    assert len(forge.world.reviews) == 1
    assert len(forge.writes) == 1


async def test_without_knowing_who_we_are_nothing_is_written() -> None:
    forge = Forge(world=World())
    receipts = await publisher(forge, own_id=None).perform(VERDICT)
    assert [each.status for each in receipts] == ["refused", "refused"]
    assert forge.sent == []


async def test_who_we_are_is_what_our_first_write_bears() -> None:
    """The account that GraphQL names may be another than the one that REST writes as."""
    forge = Forge(world=World(bot=77))
    receipts = await publisher(forge).perform((*VERDICT, *VERDICT))
    assert [each.status for each in receipts] == ["done", "done", "unchanged", "unchanged"]
    assert receipts[0].detail == "this token writes as account 77, not as 41898282"


@pytest.mark.feature("G25")
async def test_more_than_a_run_may_write_waits_for_the_next_run() -> None:
    forge = Forge(world=World())
    patience = replace(QUICK, writes=3)
    close = CloseComment(key="k", id=1, node_id="N", body="closed")
    receipts = await publisher(forge, patience=patience).perform((close, *VERDICT, issue()))
    assert [(each.status, each.again) for each in receipts] == [
        ("refused", True),
        ("done", False),
        ("done", False),
        ("done", False),
    ]
    assert len(forge.writes) == 3


@pytest.mark.feature("G25")
async def test_a_run_never_sends_more_than_its_cap_whatever_happens() -> None:
    faults = {number: Fault("502 html") for number in range(2, 40, 2)}
    forge = Forge(world=World(), faults=faults)
    patience = replace(QUICK, writes=4)
    await publisher(forge, patience=patience).perform((*VERDICT, check(), issue()))
    assert len(forge.writes) <= 4


@pytest.mark.feature("G25")
async def test_a_comment_a_summary_and_a_check_take_four_calls() -> None:
    """What stands was read just now, so it is not read again; the head is."""
    forge = Forge(world=World())
    writer = publisher(forge, has_read=True)
    await writer.perform((review(),))
    await writer.perform((summary(), check()))
    assert [call.verb for call in forge.sent] == ["GET", "POST", "POST", "POST"]
    assert len(forge.writes) == 3
