"""Every fault fires, before the effect and after it."""

import http.client
import time

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.faults import FAULTS
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.github.state import Comment

R = "/repos/demo/shapes"
COMMENTS = f"{R}/issues/1/comments"
CREATE, LIST = "issues/create-comment", "issues/list-comments"

_BROKEN = {"reset": ConnectionResetError, "short body": http.client.IncompleteRead}
_SLOW = {"drip", "late"}
_PAGES = {"page repeated", "page missing", "stale list"}
_SPOKEN = sorted(FAULTS.keys() - _BROKEN.keys() - _SLOW - _PAGES - {"truncated json"})


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) > 40


@pytest.mark.parametrize("landed", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", _SPOKEN)
def test_a_fault_takes_the_place_of_the_answer(
    hub: Hub, opened: Opened, client: Client, name: str, *, landed: bool
) -> None:
    hub.fault(CREATE, name, landed=landed)
    spoiled = client.post(COMMENTS, {"body": "b"})
    assert str(spoiled.status) == name.split(" ", maxsplit=1)[0]
    assert b'"body":"b"' not in spoiled.text
    assert len(opened.repository.comments) == landed
    assert client.post(COMMENTS, {"body": "b"}).status == 201
    assert [entry.fault for entry in hub.log.of(CREATE)] == [name, None]


@pytest.mark.parametrize("landed", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", _BROKEN)
def test_a_connection_breaks(
    hub: Hub, opened: Opened, client: Client, name: str, *, landed: bool
) -> None:
    hub.fault(CREATE, name, landed=landed)
    with pytest.raises(_BROKEN[name]):
        client.post(COMMENTS, {"body": "b"})
    assert len(opened.repository.comments) == landed
    assert client.post(COMMENTS, {"body": "b"}).status == 201


def test_half_of_the_json_arrives(hub: Hub, opened: Opened, client: Client) -> None:
    hub.fault(CREATE, "truncated json", landed=True)
    spoiled = client.post(COMMENTS, {"body": "b"})
    assert spoiled.status == 201
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        spoiled.json  # noqa: B018 — reading it is the test
    assert len(opened.repository.comments) == 1


def test_bytes_drip(hub: Hub, opened: Opened, client: Client) -> None:
    hub.drip_seconds = 0.02
    hub.fault(LIST, "drip", landed=True)
    began = time.monotonic()
    assert client.get(COMMENTS).json == list(opened.repository.comments)
    assert time.monotonic() - began >= 0.02


def test_headers_are_late(hub: Hub, opened: Opened, client: Client) -> None:
    hub.late_seconds = 0.1
    hub.fault(LIST, "late", landed=True)
    began = time.monotonic()
    assert client.get(COMMENTS).json == list(opened.repository.comments)
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize("name", sorted(_SLOW))
def test_who_is_slow_and_does_nothing_says_so_in_the_end(
    hub: Hub, opened: Opened, client: Client, name: str
) -> None:
    hub.drip_seconds = hub.late_seconds = 0.001
    hub.fault(CREATE, name)
    assert client.post(COMMENTS, {"body": "b"}).status == 504
    assert opened.repository.comments == {}


def test_a_list_can_be_older_than_what_was_just_made(
    hub: Hub, opened: Opened, client: Client
) -> None:
    client.post(COMMENTS, {"body": "b"})
    hub.fault(LIST, "stale list")
    assert [len(client.get(COMMENTS).json) for _ in range(2)] == [0, 1]
    assert len(opened.repository.comments) == 1


def test_chance_spoils_no_read_with_a_lie(hub: Hub, opened: Opened, client: Client) -> None:
    lies = [name for name, fault in FAULTS.items() if fault.lies]
    client.post(COMMENTS, {"body": "b"})
    hub.faults_by_seed(1, rate=1.0, names=lies)
    assert [len(client.get(COMMENTS).json) for _ in range(10)] == [1] * 10
    assert client.post(COMMENTS, {"body": "b"}).status in {200, 201}
    assert len(opened.repository.comments) == 2


def test_nobody_waits_for_a_client_that_has_left(hub: Hub, opened: Opened) -> None:
    del opened
    hub.late_seconds = 30.0
    hub.fault(LIST, "late", landed=True)
    hasty = Client(hub.api_url, hub.actions_token(), timeout=0.05)
    with pytest.raises(TimeoutError):
        hasty.get(COMMENTS)
    assert Client(hub.api_url, hub.actions_token()).get(COMMENTS).status == 200


@pytest.mark.parametrize(("name", "pages"), [("page repeated", "1 1 3"), ("page missing", "1 3 3")])
def test_a_list_moves_while_it_is_read(
    hub: Hub, opened: Opened, client: Client, name: str, pages: str
) -> None:
    for number in (1, 2, 3):
        comment = Comment(id=number, issue=1, user=opened.issue.user, body="b")
        opened.repository.comments[number] = comment
    hub.fault(LIST, name, attempt=2)
    found = [client.get(COMMENTS, {"per_page": 1, "page": page}).json for page in (1, 2, 3)]
    assert " ".join(str(rows[0]["id"]) for rows in found) == pages


def test_a_redirect_leads_to_the_same_place_or_elsewhere(
    hub: Hub, opened: Opened, client: Client
) -> None:
    del opened
    hub.fault(LIST, "301")
    location = client.get(COMMENTS).headers["location"]
    assert client.get(location.removeprefix(hub.api_url)).status == 200
    hub.fault(LIST, "307 elsewhere")
    assert client.get(COMMENTS).headers["location"] == hub.blobs
    Client(hub.blobs, "secret").get("/")
    hub.forgive("a token was sent to another host")


def test_a_fault_can_last_and_can_begin_later(hub: Hub, opened: Opened, client: Client) -> None:
    del opened
    hub.fault(LIST, "202", attempt=2, times=None)
    assert [client.get(COMMENTS).status for _ in range(5)] == [200, 202, 202, 202, 202]


def test_a_seed_gives_the_same_faults_again(hub: Hub) -> None:
    def met() -> list[str | None]:
        hub.reset()
        open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"})
        hub.faults_by_seed(7, rate=0.5, names=["404", "502 html", "200 empty"])
        client = Client(hub.api_url, hub.actions_token())
        for _ in range(20):
            client.get(COMMENTS)
        return [entry.fault for entry in hub.log]

    first = met()
    assert met() == first
    assert {None, "404", "502 html", "200 empty"} == set(first)


def test_a_fault_that_does_not_exist_is_a_mistake_of_the_test(hub: Hub) -> None:
    with pytest.raises(AssertionError, match="no such fault"):
        hub.fault(LIST, "earthquake")


@pytest.mark.parametrize(
    ("happens", "seen"),
    [("push", ("open", False)), ("close", ("closed", False)), ("merge", ("closed", True))],
)
def test_the_pull_request_lives_between_two_calls(
    hub: Hub, opened: Opened, client: Client, happens: str, seen: tuple[str, bool]
) -> None:
    acts = {"push": lambda: opened.push({"a.py": "x\n"}), "close": opened.close}
    hub.before("pulls/get", nth=2, do=acts.get(happens, opened.merge))
    first, second = (client.get(f"{R}/pulls/1").json for _ in range(2))
    assert (first["state"], first["merged"]) == ("open", False)
    assert (second["state"], second["merged"]) == seen
    assert (first["head"]["sha"] != second["head"]["sha"]) == (happens == "push")


def test_an_effect_can_come_late(hub: Hub, opened: Opened, client: Client) -> None:
    hub.fault(CREATE, "502 html", late_by=2)
    assert client.post(COMMENTS, {"body": "b"}).status == 502
    assert [len(client.get(COMMENTS).json) for _ in range(3)] == [0, 1, 1]
    assert len(opened.repository.comments) == 1


def test_the_hour_can_be_nearly_over(hub: Hub, opened: Opened, client: Client) -> None:
    del opened
    hub.fault(LIST, "403 primary soon")
    refused = client.get(COMMENTS)
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert 0 <= int(refused.headers["x-ratelimit-reset"]) - int(time.time()) <= 1


def test_the_log_counts_what_was_asked(hub: Hub, opened: Opened, client: Client) -> None:
    marker = "<!-- reviewbot:v1 kind=summary key=abc head=0 -->"
    for _ in range(2):
        client.post(COMMENTS, {"body": f"{marker}\ntext"})
    client.post(COMMENTS, {"body": f"text\n{marker}"})
    client.post(f"{R}/issues/1/labels", {"labels": ["x"]})
    client.get(COMMENTS)
    check = {"name": "x", "head_sha": opened.head, "external_id": "def"}
    client.post(f"{R}/check-runs", check)
    assert hub.by_key() == {("summary", "abc"): 2, ("check", "def"): 1}
    assert (len(hub.log), len(hub.log.writes), len(hub.log.content)) == (6, 5, 3)
    assert hub.log.operations[CREATE] == 3
    times = [entry.at for entry in hub.log]
    assert times == sorted(times)
    assert len(opened.repository.comments) == 3


def test_a_wrong_request_fails_its_test_also_when_its_answer_is_spoiled(
    hub: Hub, opened: Opened, client: Client
) -> None:
    del opened
    hub.fault(CREATE, "502 html")
    client.post(COMMENTS, {"body": "b", "boddy": "b"})
    hub.forgive("/boddy")
