"""Actions become receipts: each thing once, each refusal with its word."""

import pytest

from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import publisher, review, summary
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
