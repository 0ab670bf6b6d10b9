"""What only GraphQL can do, and what it refuses with status 200."""

from typing import Any

import pytest

from tests.fakes.asking import Answer, Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.routes.graphql import selection
from tests.fakes.github.scenario import Opened

R = "/repos/demo/shapes"
MINIMIZE = (
    "mutation($input: MinimizeCommentInput!)"
    "{ minimizeComment(input: $input) { minimizedComment { isMinimized } } }"
)
UNMINIMIZE = (
    "mutation($input: UnminimizeCommentInput!)"
    "{ unminimizeComment(input: $input) { unminimizedComment { isMinimized } } }"
)
RESOLVE = (
    "mutation($input: ResolveReviewThreadInput!)"
    "{ resolveReviewThread(input: $input) { thread { isResolved } } }"
)
MERGE = (
    "mutation($input: EnablePullRequestAutoMergeInput!)"
    "{ enablePullRequestAutoMerge(input: $input) { pullRequest { id } } }"
)


def _ask(client: Client, query: str, **said: Any) -> Answer:
    return client.post("/graphql", {"query": query, "variables": {"input": said}})


def test_who_asks_is_told_who_that_is_and_no_more(hub: Hub, client: Client) -> None:
    said = client.post("/graphql", {"query": "query { viewer { login databaseId } }"})
    bot = hub.state.user("github-actions[bot]")
    assert said.json == {"data": {"viewer": {"login": bot.login, "databaseId": 41898282}}}
    assert bot.id == 41898282


def test_fields_are_read_past_their_arguments() -> None:
    assert selection(MINIMIZE) == {"minimizeComment": {"minimizedComment": {"isMinimized": {}}}}


def test_a_comment_is_minimized_and_comes_back(opened: Opened, client: Client) -> None:
    made = client.post(f"{R}/issues/1/comments", {"body": "b"}).json
    said = _ask(client, MINIMIZE, subjectId=made["node_id"], classifier="RESOLVED")
    assert said.json["data"]["minimizeComment"] == {"minimizedComment": {"isMinimized": True}}
    comment = opened.repository.comments[made["id"]]
    assert comment.minimized == "RESOLVED"
    _ask(client, UNMINIMIZE, subjectId=made["node_id"])
    assert comment.minimized is None


@pytest.mark.parametrize(
    ("node", "classifier", "kind"),
    [
        ("IC_MQ", "RESOLVED", "NOT_FOUND"),
        ("?", "RESOLVED", "NOT_FOUND"),
        ("IC_MQ", "X", "FORBIDDEN"),
    ],
)
def test_a_refusal_has_status_200(
    opened: Opened, client: Client, node: str, classifier: str, kind: str
) -> None:
    del opened
    said = _ask(client, MINIMIZE, subjectId=node, classifier=classifier)
    assert (said.status, said.json["data"]) == (200, None)
    assert said.json["errors"][0]["type"] == kind


def test_a_thread_is_resolved_by_people_only(
    opened: Opened, client: Client, person: Client
) -> None:
    comment = {"path": "a.py", "line": 2, "side": "RIGHT", "body": "b"}
    client.post(f"{R}/pulls/1/reviews", {"event": "COMMENT", "body": "b", "comments": [comment]})
    (row,) = client.get(f"{R}/pulls/1/comments").json
    refused = _ask(client, RESOLVE, threadId=row["node_id"]).json
    assert refused["errors"][0]["message"] == "Resource not accessible by integration"
    assert _ask(person, RESOLVE, threadId=row["node_id"]).json["data"]
    assert opened.repository.resolved == {row["id"]}


def test_a_merge_waits_for_the_head_that_was_seen(hub: Hub, opened: Opened) -> None:
    client = Client(hub.api_url, hub.actions_token(contents="write", pull_requests="write"))
    node = client.get(f"{R}/pulls/1").json["node_id"]
    moved = _ask(client, MERGE, pullRequestId=node, expectedHeadOid="0" * 40)
    assert "expected head" in moved.json["errors"][0]["message"]
    done = _ask(client, MERGE, pullRequestId=node, expectedHeadOid=opened.head)
    assert done.json["data"]["enablePullRequestAutoMerge"] == {"pullRequest": {"id": node}}
    assert client.get(f"{R}/pulls/1").json["auto_merge"]["merge_method"] == "merge"
    opened.repository.allow_auto_merge = False
    assert _ask(client, MERGE, pullRequestId=node).json["errors"]


def test_a_merge_needs_the_head_that_was_seen(hub: Hub, opened: Opened) -> None:
    client = Client(hub.api_url, hub.actions_token(contents="write", pull_requests="read"))
    assert client.put(f"{R}/pulls/1/merge", {"sha": "0" * 40}).status == 409
    assert client.put(f"{R}/pulls/1/merge", {"sha": opened.head}).json["merged"] is True
    assert client.put(f"{R}/pulls/1/merge", {}).status == 405
    assert opened.base == opened.head


@pytest.mark.parametrize(
    "query",
    ["{ everything { id } }", "{ viewer { id } }", "{ viewer }", "{ viewer { login { x } } }", "{"],
)
def test_an_unknown_field_is_an_error(client: Client, query: str) -> None:
    said = client.post("/graphql", {"query": query})
    assert said.json["errors"][0]["type"] == "undefinedField"


def test_a_mutation_that_asks_for_the_wrong_field_has_no_effect(
    opened: Opened, client: Client
) -> None:
    made = client.post(f"{R}/issues/1/comments", {"body": "b"}).json
    query = MINIMIZE.replace("isMinimized", "isHidden")
    assert _ask(client, query, subjectId=made["node_id"], classifier="RESOLVED").json["errors"]
    assert opened.repository.comments[made["id"]].minimized is None


def test_an_enterprise_server_has_it_beside_the_api(hub: Hub) -> None:
    hub.prefix = "/api/v3"
    client = Client(f"{hub.web}/api", hub.actions_token())
    assert client.post("/graphql", {"query": "{ viewer { login } }"}).json["data"]["viewer"]
