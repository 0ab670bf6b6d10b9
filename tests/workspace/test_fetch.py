"""The commits of a pull request, fetched over HTTP from a repository that asks for a token."""

import base64
from pathlib import Path

import pytest

from reviewbot.process import Sandbox
from reviewbot.review.analysis import Trust
from reviewbot.workspace.fetch import FetchFailed, Remote
from reviewbot.workspace.opened import OpenedChange, open_change
from reviewbot.workspace.selection import Request
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.repository import Repository

pytestmark = pytest.mark.anyio


def request_of(pull: Opened, token: str, *, path: str = "") -> Request:
    header = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return Request(
        path=path,
        base=pull.base,
        head=pull.head,
        merge_base=pull.base,
        untrusted=True,
        remote=Remote(
            url=pull.clone_url,
            commits=(pull.head, pull.base),
            ref=f"refs/pull/{pull.number}/head",
            authorization=f"Basic {header}",
        ),
    )


@pytest.mark.feature("G02")
async def test_a_pull_request_of_a_fork_is_read_without_a_checkout(hub: Hub) -> None:
    pull = open_pull_request(hub, {"a.py": "x = 1\n"}, {"b.py": "y = 2\n"}, fork=True)

    async with open_change(request_of(pull, hub.actions_token()), programs=Sandbox()) as opened:
        assert [each.path for each in opened.change.diff.files] == ["b.py"]
        assert set(opened.change.head.files) == {"a.py", "b.py"}
        assert opened.change.trust is Trust.UNTRUSTED
        assert opened.change.head.commit == pull.head


async def test_a_repository_of_another_project_lends_nothing(hub: Hub, tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "clone")
    made.commit({"other.py": "x = 1\n"})
    pull = open_pull_request(hub, {"a.py": "x = 1\n"}, {"b.py": "y = 2\n"})
    request = request_of(pull, hub.actions_token(), path=str(made.root))

    async with open_change(request, programs=Sandbox()) as opened:
        assert opened.root == ""
        assert opened.change.environment is None


async def opening(request: Request) -> OpenedChange:
    async with open_change(request, programs=Sandbox()) as opened:
        return opened


async def test_a_wrong_token_is_named_and_nothing_hangs(hub: Hub) -> None:
    pull = open_pull_request(hub, {"a.py": "x = 1\n"}, {"b.py": "y = 2\n"})

    with pytest.raises(FetchFailed, match="cannot be fetched") as refused:
        await opening(request_of(pull, "wrong-token"))

    assert "wrong-token" not in str(refused.value)
    assert "contents: read" in refused.value.hint
