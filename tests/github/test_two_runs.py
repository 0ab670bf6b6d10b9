"""Two runs at once on one pull request, with nothing that keeps them apart."""

from collections import Counter
from dataclasses import replace

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.github.patience import Patience
from reviewbot.review.actions import FoldReview
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import check, performed, publisher, review, summary
from tests.fakes.forge.time import at_once
from tests.fakes.forge.world import World

STEPS = (review("REQUEST_CHANGES"), summary(), check())


def raced(apart: float) -> World:
    """Two runs that start so many seconds apart, and a third after them that folds."""
    forge = Forge(world=World(), takes=1.0)

    async def start(after: float) -> None:
        await anyio.sleep(after)
        await publisher(forge, patience=Patience(), seconds=600.0).perform(STEPS)

    async def race() -> None:
        async with anyio.create_task_group() as both:
            both.start_soon(start, 0.0)
            both.start_soon(start, apart)

    at_once(race)
    return forge.world


def folding(world: World) -> None:
    """What a later run sees, and folds: all but the oldest of what has one key."""
    surplus = [FoldReview(id=each["id"], node_id=each["node_id"]) for each in world.reviews[1:]]
    copies = tuple(each["node_id"] for each in world.comments[1:])
    told = replace(summary(run=2), edits=world.comments[0]["id"], surplus=copies)
    performed(Forge(world=world), *surplus, told)


@pytest.mark.feature("R13")
@settings(max_examples=100)
@given(st.floats(0, 12))
def test_what_two_runs_say_twice_is_folded_by_a_third(apart: float) -> None:
    world = raced(apart)
    assert len(world.reviews) in {1, 2}
    folding(world)
    shown = [
        each for each in (*world.reviews, *world.comments) if each["node_id"] not in world.folded
    ]
    kinds = Counter(each["body"].split(" kind=")[1].split(" ")[0] for each in shown)
    assert kinds == {"review": 1, "summary": 1}


def test_they_race_only_in_the_moment_between_looking_and_sending() -> None:
    assert len(raced(0.0).reviews) == 2
    assert len(raced(8.0).reviews) == 1
