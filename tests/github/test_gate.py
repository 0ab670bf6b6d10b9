"""A pull request lives while it is reviewed."""

from collections.abc import Callable

import anyio
import pytest

from reviewbot.github.gate import Gate
from reviewbot.github.reading import Reader
from reviewbot.github.snapshot import parse_pull_request
from tests.fakes.forge.port import Forge
from tests.fakes.forge.weather import Fault
from tests.fakes.forge.world import World

pytestmark = pytest.mark.anyio


def gate(forge: Forge, *, fresh: float = 60.0) -> Gate:
    reader = Reader(port=forge, deadline=anyio.current_time() + 60, first=0.0)
    return Gate(reader=reader, analysed=parse_pull_request(World().pull()), fresh=fresh)


@pytest.mark.parametrize(
    ("change", "word", "flags"),
    [
        (World.push, "head", {"stale"}),
        (lambda world: setattr(world, "base_ref", "release"), "base", {"stale", "again"}),
        (lambda world: setattr(world, "state", "closed"), "closed", set()),
        (lambda world: setattr(world, "merged", True), "merged", set()),
        (lambda world: setattr(world, "locked", True), "locked", set()),
        (lambda world: setattr(world, "draft", True), "draft", set()),
    ],
)
async def test_each_obstacle_has_its_word(
    change: Callable[[World], None], word: str, flags: set[str]
) -> None:
    forge = Forge(world=World())
    change(forge.world)
    found = await gate(forge).obstacle()
    assert found is not None
    assert word in found.why
    assert {name for name in ("stale", "again") if getattr(found, name)} == flags


async def test_an_open_pull_request_at_the_same_head_has_none() -> None:
    assert await gate(Forge(world=World())).obstacle() is None


async def test_a_reading_is_used_again_unless_a_verdict_hangs_on_it() -> None:
    forge = Forge(world=World())
    watch = gate(forge)
    await watch.obstacle()
    forge.world.push()
    assert await watch.obstacle() is None
    assert await watch.obstacle(now=True) is not None
    assert await watch.obstacle() is not None
    assert len(forge.sent) == 2


async def test_a_pull_request_that_cannot_be_read_lets_nothing_through() -> None:
    forge = Forge(world=World(), faults={number: Fault("502 html") for number in range(4)})
    found = await gate(forge).obstacle()
    assert found is not None
    assert found.again
