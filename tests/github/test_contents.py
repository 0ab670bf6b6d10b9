import base64

import pytest

from reviewbot.errors import ForgeGarbled, ForgeRefused
from reviewbot.github.contents import read_file
from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.scenario import open_pull_request
from tests.github.doors import on_one_loop, reader
from tests.github.ports import reader as scripted
from tests.github.ports import says

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio

NAME = "demo/shapes"


async def test_settings_come_from_the_commit_that_is_asked_for(hub: Hub) -> None:
    base: Files = {".reviewbot.yml": "version: 1\n", "d/é b.yml": b"\xff\x00"}
    opened = open_pull_request(hub, base, {".reviewbot.yml": "version: 1\n# hacked\n"})
    asker = reader(hub)
    assert await read_file(asker, NAME, ".reviewbot.yml", opened.base) == b"version: 1\n"
    assert await read_file(asker, NAME, "d/é b.yml", opened.base) == b"\xff\x00"
    assert await read_file(asker, NAME, "none.yml", opened.base) is None


async def test_not_to_be_allowed_to_see_is_not_the_same_as_nothing_there(hub: Hub) -> None:
    opened = open_pull_request(hub, {"a.py": ""}, {"a.py": "x\n"})
    asker = reader(hub, hub.actions_token(pull_requests="write"))
    with pytest.raises(ForgeRefused):
        await read_file(asker, NAME, ".reviewbot.yml", opened.base)
    with pytest.raises(ForgeRefused):
        await read_file(reader(hub), NAME, ".reviewbot.yml", "0" * 40)


async def test_a_file_is_missing_only_where_the_commit_can_be_seen(hub: Hub) -> None:
    opened = open_pull_request(hub, {"a.py": ""}, {"a.py": "x\n"})
    hub.fault("repos/get-content", "404", times=None)
    assert await read_file(reader(hub), NAME, "a.py", opened.base) is None
    hub.fault("repos/get-commit", "404", times=None)
    with pytest.raises(ForgeRefused, match="may not see it"):
        await read_file(reader(hub), NAME, "a.py", opened.base)


@pytest.mark.parametrize(
    "answer",
    [
        {"type": "file", "encoding": "none", "content": "", "size": 2_000_000},
        {"type": "file", "encoding": "base64", "content": "eA==", "size": 7},
        {"type": "file", "encoding": "base64", "content": "!", "size": 1},
        {"type": "file", "encoding": "base64", "size": 1},
        [{"type": "file"}],
    ],
)
async def test_half_a_file_is_none(answer: object) -> None:
    asker, _ = scripted(says(200, answer))
    with pytest.raises(ForgeGarbled):
        await read_file(asker, NAME, "a.yml", "0" * 40)


@pytest.mark.parametrize("kind", ["symlink", "submodule", "dir"])
async def test_what_is_no_regular_file_is_none(kind: str) -> None:
    content = base64.b64encode(b"x").decode()
    asker, _ = scripted(says(200, {"type": kind, "content": content, "size": 1}))
    assert await read_file(asker, NAME, "a.yml", "0" * 40) is None
