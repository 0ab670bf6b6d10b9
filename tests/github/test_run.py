"""Whose pull request a run looked at: the API says it, and nothing the run left behind."""

import pytest

from reviewbot.errors import ForgeGarbled, ForgeRefused
from reviewbot.github.run import choose, read_pull_requests, read_run
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.github.doors import on_one_loop, reader

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio

NAME = "demo/shapes"
BASE, HEAD = {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}


async def candidates(hub: Hub, opened: Opened, *, event: str = "pull_request") -> list[int]:
    run = opened.finished_run({}, event=event)
    found = await read_run(reader(hub), NAME, run.id)
    return [each.number for each in await read_pull_requests(reader(hub), found)]


@pytest.mark.feature("Q03")
@pytest.mark.parametrize("fork", [True, False], ids=["fork", "same repository"])
async def test_a_run_belongs_to_the_pull_request_of_its_branch_and_head(
    hub: Hub,
    fork: bool,  # noqa: FBT001 - a table
) -> None:
    open_pull_request(hub, BASE, {"a.py": "x = 9\n"}, author="bob", fork=fork)
    opened = open_pull_request(hub, BASE, HEAD, author="ada", fork=fork)
    run = opened.finished_run({})
    found = await read_run(reader(hub), NAME, run.id)
    assert (found.head, found.event, found.conclusion) == (opened.head, "pull_request", "success")
    (pull,) = await read_pull_requests(reader(hub), found)
    assert (pull.number, pull.head, pull.changed_files) == (opened.number, opened.head, 1)


@pytest.mark.feature("Q03")
async def test_a_branch_of_the_same_name_in_another_fork_is_another(hub: Hub) -> None:
    ada = open_pull_request(hub, BASE, HEAD, author="ada", fork=True)
    eve = open_pull_request(hub, BASE, HEAD, author="eve", fork=True)
    eve.pull.head_ref = ada.pull.head_ref
    assert eve.head != ada.head or eve.number != ada.number
    assert await candidates(hub, ada) == [ada.number]
    assert await candidates(hub, eve) == [eve.number]


@pytest.mark.feature("Q03")
async def test_a_fork_that_takes_over_a_name_is_still_another_repository(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True)
    run = opened.finished_run({})
    assert opened.pull.head_repository is not None
    found = await read_run(reader(hub), NAME, run.id)
    opened.pull.head_repository.id += 1
    assert await read_pull_requests(reader(hub), found) == ()


async def test_a_run_that_was_overtaken_belongs_to_nothing(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True)
    run = opened.finished_run({})
    opened.push({"a.py": "x = 3\n"})
    found = await read_run(reader(hub), NAME, run.id)
    assert await read_pull_requests(reader(hub), found) == ()


async def test_a_closed_pull_request_a_lost_fork_and_another_event_have_none(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True)
    assert await candidates(hub, opened, event="push") == []
    opened.close()
    assert await candidates(hub, opened) == []
    opened.issue.state = "open"
    opened.delete_fork()
    assert await candidates(hub, opened) == []


@pytest.mark.feature("Q03")
async def test_what_the_run_claims_decides_only_among_those_it_can_belong_to(hub: Hub) -> None:
    first = open_pull_request(hub, BASE, HEAD, fork=True)
    second = open_pull_request(hub, BASE, HEAD, fork=True)
    second.pull.head_ref, second.pull.head_repository = (
        first.pull.head_ref,
        first.pull.head_repository,
    )
    second.pull.heads = first.pull.heads
    victim = open_pull_request(hub, BASE, {"a.py": "x = 9\n"}, author="bob", fork=True)
    run = await read_run(reader(hub), NAME, first.finished_run({}).id)
    both = await read_pull_requests(reader(hub), run)
    assert {each.number for each in both} == {first.number, second.number}
    chosen = choose(both, second.number)
    assert chosen is not None
    assert chosen.number == second.number
    assert choose(both, victim.number) is None
    assert choose(both, None) is None
    assert choose(both[:1], victim.number) == both[0]
    assert choose((), victim.number) is None


async def test_a_list_with_a_hole_names_nobody(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD, fork=True)
    run = await read_run(reader(hub), NAME, opened.finished_run({}).id)
    hub.fault("pulls/list", "502 html", times=None)
    with pytest.raises(ForgeGarbled):
        await read_pull_requests(reader(hub), run)


async def test_a_run_that_is_not_there_is_said(hub: Hub) -> None:
    open_pull_request(hub, BASE, HEAD)
    with pytest.raises(ForgeRefused):
        await read_run(reader(hub), NAME, 999)
