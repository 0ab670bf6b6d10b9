"""Who may do what: one that may, and one that may not."""

from collections.abc import Mapping

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.operations import ANSWERS
from tests.fakes.github.rules.access import NEEDS
from tests.fakes.github.scenario import Opened, open_pull_request

R = "/repos/demo/shapes"
_FREE = {"rate-limit/get", "users/get-authenticated", "repos/get", "graphql"}
_FREE |= {"repos/get-collaborator-permission-level"}


def test_every_operation_needs_a_permission_or_is_known_not_to() -> None:
    assert NEEDS.keys() | _FREE == ANSWERS.keys()


@pytest.mark.parametrize("token", ["ghs_unknown", ""])
def test_a_token_nobody_knows_is_refused(hub: Hub, opened: Opened, token: str) -> None:
    del opened
    refused = Client(hub.api_url, token).get(f"{R}/pulls/1")
    assert (refused.status, refused.json["message"]) == (401, "Bad credentials")


def test_a_private_repository_is_not_there_for_who_may_not_see_it(hub: Hub, opened: Opened) -> None:
    del opened
    assert Client(hub.api_url, None).get(f"{R}/pulls/1").status == 404


def test_a_public_one_can_be_read_and_not_written_without_a_token(hub: Hub) -> None:
    open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"}, private=False)
    nobody = Client(hub.api_url, None)
    assert nobody.get(f"{R}/pulls/1").status == 200
    refused = nobody.post(f"{R}/issues/1/comments", {"body": "b"})
    assert (refused.status, refused.json["message"]) == (401, "Requires authentication")


_COMMENT = ("POST", f"{R}/issues/1/comments", {"body": "b"})
_CHECK = ("POST", f"{R}/check-runs", {"name": "x", "head_sha": "?"})


@pytest.mark.parametrize(
    ("permissions", "ask", "status"),
    [
        ({"pull_requests": "read"}, ("GET", f"{R}/pulls/1", None), 200),
        ({"contents": "read"}, ("GET", f"{R}/pulls/1", None), 403),
        ({"pull_requests": "write"}, _COMMENT, 201),
        ({"issues": "write"}, _COMMENT, 201),
        ({"pull_requests": "read"}, _COMMENT, 403),
        ({"pull_requests": "write"}, ("POST", f"{R}/issues", {"title": "t"}), 403),
        ({"issues": "write"}, ("POST", f"{R}/issues", {"title": "t"}), 201),
        ({"pull_requests": "write"}, ("GET", f"{R}/issues/1", None), 403),
        ({"issues": "read"}, ("GET", f"{R}/issues/1", None), 200),
        ({"pull_requests": "write"}, _CHECK, 403),
        ({"checks": "write"}, _CHECK, 201),
        ({"pull_requests": "write"}, ("GET", f"{R}/contents/a.py", None), 403),
        ({"contents": "read"}, ("GET", f"{R}/contents/a.py", None), 200),
        ({"pull_requests": "write"}, ("PUT", f"{R}/pulls/1/merge", {}), 403),
    ],
    ids=str,
)
def test_a_workflow_token_opens_what_its_permissions_say(
    hub: Hub,
    opened: Opened,
    permissions: Mapping[str, str],
    ask: tuple[str, str, dict[str, str] | None],
    status: int,
) -> None:
    verb, path, body = ask
    said = (
        {k: opened.head if v == "?" else v for k, v in body.items()} if body is not None else None
    )
    answer = Client(hub.api_url, hub.actions_token(**permissions)).ask(verb, path, said)
    assert answer.status == status
    if status == 403:
        assert answer.json["message"] == "Resource not accessible by integration"
        assert "=" in answer.headers["x-accepted-github-permissions"]


def test_on_a_plain_issue_the_pull_request_permission_is_worth_nothing(
    hub: Hub, opened: Opened, client: Client
) -> None:
    del opened
    number = client.post(f"{R}/issues", {"title": "t"}).json["number"]
    weak = Client(hub.api_url, hub.actions_token(pull_requests="write"))
    assert weak.post(f"{R}/issues/{number}/comments", {"body": "b"}).status == 403


def test_a_workflow_token_is_nobody(hub: Hub, client: Client, person: Client) -> None:
    assert client.get("/user").status == 403
    assert person.get("/user").json["id"] == hub.state.user("reviewer").id
    assert Client(hub.api_url, None).get("/user").status == 401


def test_what_may_not_be_assigned_is_dropped_without_a_word(
    hub: Hub, opened: Opened, client: Client
) -> None:
    for number in range(12):
        opened.repository.collaborators[f"c{number}"] = "write"
    logins = ["stranger", *(f"c{number}" for number in range(12))]
    here = f"{R}/issues/1/assignees"
    assert len(client.post(here, {"assignees": logins}).json["assignees"]) == 10
    opened.issue.assignees.clear()
    outsider = Client(hub.api_url, hub.personal_token("outsider"))
    assert outsider.post(here, {"assignees": ["c1"]}).json["assignees"] == []


def test_issues_can_be_switched_off_and_pull_requests_cannot(
    opened: Opened, client: Client
) -> None:
    opened.repository.has_issues = False
    assert client.post(f"{R}/issues", {"title": "t"}).status == 410
    assert client.get(f"{R}/issues/1/comments").status == 200


def test_an_issue_that_moved_says_where(opened: Opened, client: Client) -> None:
    opened.issue.transferred_to = "demo/other"
    moved = client.get(f"{R}/issues/1")
    assert moved.status == 301
    assert moved.headers["location"].endswith("/repos/demo/other/issues/1")


def test_a_repository_with_a_new_name_is_found_by_the_old_one(
    hub: Hub, opened: Opened, client: Client
) -> None:
    hub.rename("demo/shapes", "demo/forms")
    read = client.get(f"{R}/pulls/1")
    written = client.post(f"{R}/issues/1/comments", {"body": "b"})
    assert (read.status, written.status) == (301, 307)
    assert opened.repository.comments == {}
    location = read.headers["location"].removeprefix(hub.api_url)
    assert location == f"/repositories/{opened.repository.id}/pulls/1"
    assert client.get(location).json["base"]["repo"]["full_name"] == "demo/forms"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"body": "\\ud800"}'])
def test_a_body_that_is_no_object_is_a_bad_request(
    hub: Hub, opened: Opened, client: Client, body: bytes
) -> None:
    assert client.ask("POST", f"{R}/issues/1/comments", body).status == 400
    assert opened.repository.comments == {}
    assert hub.forgive()


def test_labels_are_made_when_they_are_used_and_go_one_by_one(
    opened: Opened, client: Client
) -> None:
    here = f"{R}/issues/1/labels"
    for said in ({"labels": ["bot: clean"]}, ["bot: clean", "other"]):
        assert client.post(here, said).status == 200
    assert opened.issue.labels == ["bot: clean", "other"]
    assert [label["name"] for label in client.get(f"{R}/labels").json] == ["bot: clean", "other"]
    left = client.ask("DELETE", f"{here}/bot%3A%20clean")
    assert [label["name"] for label in left.json] == ["other"]
    assert client.ask("DELETE", f"{here}/bot%3A%20clean").status == 404


def test_collaborators_have_a_permission(opened: Opened, client: Client) -> None:
    opened.repository.collaborators["ada"] = "write"
    here = f"{R}/collaborators"
    assert client.get(f"{here}/ada/permission").json["permission"] == "write"
    assert client.get(f"{here}/nobody/permission").status == 404


def test_an_enterprise_server_has_its_api_below_a_prefix(hub: Hub, opened: Opened) -> None:
    hub.prefix = "/api/v3"
    token = hub.actions_token()
    assert Client(hub.api_url, token).get(f"{R}/pulls/1").json["url"].startswith(hub.api_url)
    assert opened.url.startswith(hub.web)
    assert Client(hub.web, token).get(f"{R}/pulls/1").status == 404
    hub.forgive("not an operation")
