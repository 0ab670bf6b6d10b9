"""All that is read of a pull request before anything is written, and what it costs."""

from itertools import pairwise

import pytest

from reviewbot.github.client import Pace
from reviewbot.github.diff import read_pull_diff
from reviewbot.github.identity import read_own_id
from reviewbot.github.posted import read_posted
from reviewbot.github.pull import read_merge_base, read_pull_request
from reviewbot.github.reading import Reader
from reviewbot.review.diff import Diff
from reviewbot.review.posted import Posted
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import open_pull_request
from tests.github.doors import door, reader

pytestmark = pytest.mark.anyio


async def everything(asker: Reader) -> tuple[Diff, Posted]:
    pull = await read_pull_request(asker, "demo/shapes", 1)
    assert len(await read_merge_base(asker, pull)) == 40
    found = await read_pull_diff(asker, pull)
    own = await read_own_id(asker, is_installation=True)
    return found.diff, await read_posted(asker, pull, own_id=own, check_key="0" * 16)


@pytest.mark.feature("G25")
async def test_all_that_is_read_costs_eight_requests_and_writes_nothing(hub: Hub) -> None:
    open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}, fork=True)
    diff, posted = await everything(reader(hub))
    assert ([each.path for each in diff.files], posted.complete) == (["a.py"], True)
    assert len(hub.log) == 8
    assert len(hub.log.content) == 0


@pytest.mark.feature("G21")
async def test_an_enterprise_server_under_a_prefix_is_read_just_the_same(hub: Hub) -> None:
    hub.prefix = "/api/v3"
    open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}, fork=True)
    diff, posted = await everything(reader(hub))
    assert ([each.path for each in diff.files], posted.complete) == (["a.py"], True)


async def test_what_moved_to_another_name_is_read_there(hub: Hub) -> None:
    open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}, fork=True)
    hub.rename("demo/shapes", "demo/forms")
    diff, posted = await everything(reader(hub))
    assert ([each.path for each in diff.files], posted.complete) == (["a.py"], True)


async def test_requests_keep_a_quarter_of_a_second_between_them(hub: Hub) -> None:
    open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"})
    client = door(hub)
    client.pace = Pace()
    asker = Reader(port=client, deadline=float("inf"))
    for _ in range(3):
        await read_pull_request(asker, "demo/shapes", 1)
    times = [each.at for each in hub.log.of("pulls/get")]
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))
