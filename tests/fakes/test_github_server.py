"""The server starts, serves many at once, and ends with nothing left behind."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.github.server import running
from tests.ledger import ROOT

COMMENTS = "/repos/demo/shapes/issues/1/comments"


def test_nothing_is_left_of_a_server() -> None:
    before = set(threading.enumerate())
    with running() as hub:
        opened = open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"})
        client = Client(hub.api_url, hub.actions_token())
        assert client.get(f"/repos/demo/shapes/pulls/{opened.number}").status == 200
    assert [each.name for each in set(threading.enumerate()) - before] == []
    assert not hub.folder.exists()
    with pytest.raises(ConnectionRefusedError):
        client.get("/rate_limit")


def test_a_server_ends_while_an_answer_is_still_late() -> None:
    with running() as hub:
        hub.late_seconds = 60.0
        hub.fault("rate-limit/get", "late", landed=True)
        client = Client(hub.api_url, hub.actions_token(), timeout=0.05)
        with pytest.raises(TimeoutError):
            client.get("/rate_limit")
    assert not hub.folder.exists()


def test_requests_that_come_at_once_are_answered_one_by_one(
    hub: Hub, opened: Opened, client: Client
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: client.post(COMMENTS, {"body": str(n)}), range(24)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == len(opened.repository.comments) == 24
    assert sorted(entry.nth for entry in hub.log) == list(range(1, 25))


def test_a_reset_forgets_everything(hub: Hub, opened: Opened, client: Client) -> None:
    hub.fault("pulls/get", "404", times=None)
    root = opened.repository.git.root
    hub.reset()
    assert (len(hub.log), hub.state.repositories, root.exists()) == (0, {}, False)
    assert client.get("/rate_limit").status == 401
    open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"})
    fresh = Client(hub.api_url, hub.actions_token())
    assert fresh.get("/repos/demo/shapes/pulls/1").status == 200


def test_one_can_try_things_on_it_by_hand() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.github"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = {}
            for line in process.stdout:
                name, _, value = line.strip().rpartition("  ")
                said[name.strip()] = value.strip()
                if "Ctrl-C" in line:
                    break
            page = Client(said["pull request"], None).get("")
            assert b"Areas have units" in page.text
            pull = Client(said["API"], said["token"]).get("/repos/demo/shapes/pulls/1").json
            assert (pull["html_url"], pull["changed_files"]) == (said["pull request"], 2)
            assert "GET    200 pulls/get" in process.stdout.readline()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
