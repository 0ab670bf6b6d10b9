"""GitHub's own examples pass the checks, and what should be refused is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.descriptions import VERSIONS, description
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.hub import Hub
from tests.fakes.github.operations import ANSWERS, routes
from tests.fakes.github.scenario import Opened
from tests.fakes.github.validation import request_complaints, response_complaints
from tests.fakes.github.values import JSON, Reply, Request
from tests.fakes.github.waivers import WAIVERS, Waiver

_NAMES = {"owner": "o", "repo": "r", "path": "a/b.py", "basehead": "a...b", "name": "bug"}


def _exchange(
    operation: str, *, reply: Reply | None = None, body: bytes = b"", version: str = VERSIONS[0]
) -> Exchange:
    route = next(each for each in routes() if each.operation == operation)
    names = {key: _NAMES.get(key, "1") for key in route.pattern.groupindex}
    return Exchange(
        operation=operation,
        template=route.template,
        names=names,
        version=version,
        request=Request(verb=route.verb, path="", body=body),
        reply=reply or Reply(),
    )


def _asking(operation: str, body: Any) -> Exchange:
    return _exchange(operation, body=json.dumps(body).encode())


def _examples(version: str) -> Iterator[tuple[str, int, str, Any]]:
    """Operation, status, media type and value of every example answer."""
    said = description(version)
    for verbs in said["paths"].values():
        for operation in verbs.values():
            for status, response in operation["responses"].items():
                for media, content in response.get("content", {}).items():
                    for example in content.get("examples", {}).values():
                        name = example.get("$ref", example.get("value", {}))
                        name = name.get("$ref", name) if isinstance(name, dict) else name
                        found = said["components"]["examples"].get(str(name).rpartition("/")[2])
                        value = found["value"] if found else example["value"]
                        yield operation["operationId"], int(status), media, value


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_answer_of_the_description_passes(version: str) -> None:
    wrong: list[str] = []
    examples = list(_examples(version))
    for operation, status, media, value in examples:
        body = value.encode() if isinstance(value, str) else value
        reply = Reply(status=status, body=body, media=media)
        wrong += response_complaints(_exchange(operation, reply=reply, version=version))
    assert len(examples) > 30
    assert wrong == []


def test_every_operation_of_the_description_is_answered() -> None:
    assert {route.operation for route in routes()} == set(ANSWERS)
    assert len(ANSWERS) > 50


_REVIEW = "pulls/create-review"


@pytest.mark.parametrize(
    ("operation", "body", "word"),
    [
        (_REVIEW, {"evnt": "COMMENT"}, "/evnt"),
        (_REVIEW, {"event": "LGTM"}, "'LGTM' is not one of"),
        (_REVIEW, {"comments": [{"path": "a", "body": "b", "lnie": 1}]}, "/comments/0/lnie"),
        (_REVIEW, {"comments": [{"path": "a", "body": "b", "subject_type": "file"}]}, "subject_"),
        (_REVIEW, {"comments": [{"path": "a", "body": "b", "position": 1}]}, "0/position"),
        (_REVIEW, {"comments": [{"path": "a"}]}, "'body' is a required property"),
        ("checks/create", {"name": "x"}, "'head_sha' is a required property"),
        ("issues/create-comment", {}, "'body' is a required property"),
    ],
)
def test_a_wrong_body_is_noticed(operation: str, body: Any, word: str) -> None:
    assert any(word in each for each in request_complaints(_asking(operation, body)))


def test_a_wrong_answer_is_noticed() -> None:
    reply = Reply(body={"id": "not a number"})
    assert any("id" in each for each in response_complaints(_exchange("pulls/get", reply=reply)))


def _answering(operation: str, body: Any, *, status: int = 200, media: str = JSON) -> Exchange:
    return _exchange(operation, reply=Reply(status=status, body=body, media=media))


def _example(name: str, **changes: Any) -> Any:
    value = description(VERSIONS[0])["components"]["examples"][name]["value"]
    return {**(value[0] if isinstance(value, list) else value), **changes}


def _without_fork() -> Any:
    pull = _example("pull-request")
    return pull | {"head": pull["head"] | {"repo": None}}


WAIVED = {
    "errors anywhere": _answering("pulls/list-reviews", {"message": "Not Found"}, status=404),
    "text of a pull request": _answering("pulls/get", b"d", media="application/vnd.github.v3.diff"),
    "raw content": _answering("repos/get-content", b"d", media="application/vnd.github.raw+json"),
    "labels as a list": _asking("issues/add-labels", ["bug"]),
    "unfinished check run": _answering(
        "checks/create",
        _example("check-run-example-of-in-progress-conclusion", conclusion=None),
        status=201,
    ),
    "comment without a line": _answering(
        "pulls/list-review-comments",
        [_example("pull-request-review-comment-items", line=None, position=None)],
    ),
    "commit of nobody GitHub knows": _answering(
        "repos/get-commit", _example("commit", author=None, committer=None)
    ),
    "fork that is gone": _answering("pulls/get", _without_fork()),
}


@pytest.mark.parametrize("waiver", WAIVERS, ids=lambda waiver: waiver.name)
def test_every_waiver_is_needed_and_enough(waiver: Waiver) -> None:
    exchange = WAIVED[waiver.name]
    asked = waiver.name == "labels as a list"
    complaints = request_complaints if asked else response_complaints
    assert list(complaints(exchange, waive=False))
    assert list(complaints(exchange)) == []


def test_a_client_that_names_no_version_fails_its_test(hub: Hub, opened: Opened) -> None:
    silent = Client(hub.api_url, hub.actions_token(), version=None)
    assert silent.get(f"/repos/demo/shapes/pulls/{opened.number}").status == 200
    hub.forgive("x-github-api-version is None")


def test_an_unknown_version_is_a_bad_request(hub: Hub, opened: Opened) -> None:
    odd = Client(hub.api_url, hub.actions_token(), version="2020-01-01")
    assert odd.get(f"/repos/demo/shapes/pulls/{opened.number}").status == 400
    hub.forgive("2020-01-01")


def test_the_newer_version_leaves_fields_out(hub: Hub, opened: Opened) -> None:
    token = hub.actions_token()
    old, new = (
        Client(hub.api_url, token, version).get(f"/repos/demo/shapes/pulls/{opened.number}")
        for version in VERSIONS
    )
    assert {"merge_commit_sha", "assignee"} <= old.json.keys()
    assert {"merge_commit_sha", "assignee"}.isdisjoint(new.json.keys())
    assert new.headers["x-github-api-version-selected"] == VERSIONS[1]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/repos/demo/shapes/pulls/1/files/", "not an operation"),
        ("/repos/demo/shapes/pulls/1/files?pagesize=3", "the parameter pagesize"),
        ("/nowhere", "not an operation"),
    ],
)
def test_an_address_nobody_knows_fails_its_test(
    hub: Hub, opened: Opened, client: Client, path: str, word: str
) -> None:
    del opened
    client.get(path)
    hub.forgive(word)


def test_no_address_of_github_itself_leaves_the_server(opened: Opened, client: Client) -> None:
    here = f"/repos/demo/shapes/pulls/{opened.number}"
    client.post(f"{here}/reviews", {"event": "COMMENT", "body": "b"})
    for path in (here, f"{here}/files", f"{here}/commits", f"{here}/reviews", "/repos/demo/shapes"):
        text = client.get(path).text
        assert b"github.com/" not in text, path
        assert b"octocat" not in text, path


def test_an_error_inside_the_server_fails_the_test(
    hub: Hub, opened: Opened, client: Client
) -> None:
    opened.issue.labels.append("a label that does not exist")
    assert client.get(f"/repos/demo/shapes/pulls/{opened.number}").status == 500
    hub.forgive("KeyError")
