import pytest

from reviewbot.github.identity import read_own_id
from tests.fakes.github.hub import Hub
from tests.github.doors import on_one_loop, reader

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
async def test_a_token_of_actions_knows_who_it_is(hub: Hub, told: bool) -> None:  # noqa: FBT001 - a table
    bot = hub.state.user("github-actions[bot]")
    found = await read_own_id(reader(hub, hub.actions_token()), is_installation=told)
    assert found == bot.id
    assert hub.log.operations["users/get-authenticated"] == (0 if told else 1)


async def test_a_personal_token_asks_for_its_user(hub: Hub) -> None:
    ada = hub.state.user("ada")
    token = hub.personal_token("ada")
    assert await read_own_id(reader(hub, token), is_installation=False) == ada.id
    assert hub.log.operations == {"users/get-authenticated": 1}


async def test_who_is_told_nothing_is_nobody(hub: Hub) -> None:
    hub.fault("users/get-authenticated", "403 permission", times=None)
    hub.fault("graphql", "200 html", times=None)
    assert await read_own_id(reader(hub), is_installation=True) is None
