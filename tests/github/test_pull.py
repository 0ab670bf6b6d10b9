import anyio
import pytest

from reviewbot.errors import ForgeAway, ForgeBusy, ForgeError, ForgeGarbled, ForgeRefused
from reviewbot.github.pull import read_merge_base, read_pull_request
from reviewbot.github.snapshot import parse_pull_request
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import open_pull_request
from tests.github.doors import on_one_loop, reader
from tests.github.examples import names, published

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio

BASE, HEAD = {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}


@pytest.mark.feature("G02")
async def test_a_pull_request_is_known_without_a_checkout(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True, author="ada")
    found = await read_pull_request(reader(hub), "demo/shapes", opened.number)
    assert (found.repository, found.number, found.head) == ("demo/shapes", 1, opened.head)
    assert (found.base, found.base_ref, found.author) == (opened.base, "main", "ada")
    assert found.is_fork
    assert (found.open, found.draft, found.merged, found.locked) == (True, False, False, False)
    assert (found.changed_files, found.clone_url) == (1, opened.clone_url)
    assert hub.log.operations == {"pulls/get": 1}


async def test_it_is_read_as_it_is_now(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True)
    asker = reader(hub)
    moved = opened.push({"a.py": "x = 3\n"})
    assert (await read_pull_request(asker, "demo/shapes", 1)).head == moved
    opened.lock()
    opened.delete_fork()
    found = await read_pull_request(asker, "demo/shapes", 1)
    assert (found.locked, found.head_repository_id, found.is_fork) == (True, None, True)
    opened.merge()
    found = await read_pull_request(asker, "demo/shapes", 1)
    assert (found.open, found.merged) == (False, True)


async def test_a_renamed_repository_answers_under_its_new_name(hub: Hub) -> None:
    open_pull_request(hub, BASE, HEAD)
    hub.rename("demo/shapes", "demo/forms")
    found = await read_pull_request(reader(hub), "demo/shapes", 1)
    assert found.repository == "demo/forms"


@pytest.mark.feature("G31")
async def test_it_is_compared_with_where_it_branched_off_and_not_with_the_tip(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD)
    branched = opened.base
    tip = opened.advance_base({"b.py": "y = 1\n"})
    found = await read_pull_request(reader(hub), "demo/shapes", 1)
    assert tip != branched
    assert await read_merge_base(reader(hub), found) == branched


@pytest.mark.feature("G28")
async def test_a_token_without_the_permission_is_told_which(hub: Hub) -> None:
    open_pull_request(hub, BASE, HEAD)
    hub.fault("pulls/get", "403 permission", times=None)
    with pytest.raises(ForgeRefused) as refused:
        await read_pull_request(reader(hub), "demo/shapes", 1)
    assert "permissions" in refused.value.hint


@pytest.mark.parametrize(("number", "repository"), [(7, "demo/shapes"), (1, "demo/none")])
async def test_what_is_not_there_is_said_with_both_causes(
    hub: Hub, number: int, repository: str
) -> None:
    open_pull_request(hub, BASE, HEAD)
    with pytest.raises(ForgeRefused, match="the address is wrong, or the token may not see it"):
        await read_pull_request(reader(hub), repository, number)


@pytest.mark.feature("G26")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", None),
        ("short body", None),
        ("502 html", None),
        ("503", None),
        ("200 html", None),
        ("truncated json", None),
        ("200 empty", None),
        ("301", None),
        ("reset", ForgeAway),
        ("502 html", ForgeAway),
        ("200 html", ForgeGarbled),
        ("200 empty list", ForgeGarbled),
        ("202", ForgeAway),
        ("307 elsewhere", ForgeGarbled),
        ("429 tomorrow", ForgeBusy),
        ("403 secondary", ForgeBusy),
    ],
)
async def test_a_bad_moment_is_sat_out_and_a_bad_day_has_a_name(
    hub: Hub, fault: str, error: type[ForgeError] | None
) -> None:
    open_pull_request(hub, BASE, HEAD)
    hub.fault("pulls/get", fault, times=1 if error is None else None)
    if error is None:
        assert (await read_pull_request(reader(hub), "demo/shapes", 1)).number == 1
        return
    with pytest.raises(error):
        await read_pull_request(reader(hub), "demo/shapes", 1)


@pytest.mark.parametrize("name", [each for each in names() if each.startswith("pull_request.")])
def test_every_published_pull_request_is_one(name: str) -> None:
    record = published(name)["pull_request"]
    assert parse_pull_request(record).head == record["head"]["sha"]


@pytest.mark.parametrize("record", [None, [], {}, {"number": 1}])
def test_what_is_none_says_what_is_missing(record: object) -> None:
    with pytest.raises(ForgeGarbled, match="this is no pull request"):
        parse_pull_request(record)


async def test_a_deadline_that_is_past_asks_nothing(hub: Hub) -> None:
    open_pull_request(hub, BASE, HEAD)
    asker = reader(hub, seconds=-1)
    await anyio.lowlevel.checkpoint()
    with pytest.raises(ForgeAway, match="unsent"):
        await read_pull_request(asker, "demo/shapes", 1)
    assert len(hub.log) == 0
