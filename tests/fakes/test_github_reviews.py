"""GitHub's rules for reviews: each with one that passes and one that is refused."""

from typing import Any

import pytest

from tests.fakes.asking import Answer, Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened

REVIEWS = "/repos/demo/shapes/pulls/1/reviews"
COMMENTS = "/repos/demo/shapes/pulls/1/comments"


def _review(client: Client, *comments: dict[str, Any], **more: Any) -> Answer:
    return client.post(REVIEWS, {"event": "COMMENT", "body": "said", "comments": comments, **more})


def _at(line: int, side: str = "RIGHT", path: str = "a.py", **more: Any) -> dict[str, Any]:
    return {"path": path, "line": line, "side": side, "body": "here", **more}


@pytest.mark.parametrize(
    "comment",
    [
        _at(2),
        _at(10),
        _at(1),
        _at(2, "LEFT"),
        _at(1, "LEFT"),
        _at(1, path="new.py"),
        _at(1, "LEFT", path="gone.py"),
        _at(3, start_line=2, start_side="RIGHT"),
        _at(2, start_line=2, start_side="LEFT"),
    ],
    ids=str,
)
def test_lines_of_a_hunk_take_comments(opened: Opened, client: Client, comment: Any) -> None:
    assert _review(client, comment).status == 200
    assert len(opened.repository.review_comments) == 1


@pytest.mark.parametrize(
    ("comment", "word"),
    [
        (_at(99), "line must be part of the diff"),
        (_at(10, "LEFT"), "line must be part of the diff"),
        ({"path": "a.py", "body": "no line"}, "line must be part of the diff"),
        (_at(1, path="other.py"), "Path could not be resolved"),
        (_at(2, start_line=2, start_side="RIGHT"), "must precede"),
        (_at(2, start_line=3, start_side="RIGHT"), "must precede"),
        (_at(2, "MIDDLE"), "side"),
    ],
    ids=str,
)
def test_other_places_do_not(opened: Opened, client: Client, comment: Any, word: str) -> None:
    answer = _review(client, comment)
    assert answer.status == 422
    assert word in answer.json["errors"][0]
    assert opened.repository.review_comments == {}


def test_a_range_stays_in_one_hunk(hub: Hub, opened: Opened, client: Client) -> None:
    far = "".join(f"{number}\n" for number in range(40))
    opened.advance_base({"far.py": far})
    opened.force_push({"far.py": far.replace("3\n", "x\n", 1).replace("39\n", "y\n")})
    refused = _review(client, _at(40, path="far.py", start_line=3, start_side="RIGHT"))
    assert "same hunk" in refused.json["errors"][0]
    assert _review(client, _at(40, path="far.py", start_line=39, start_side="RIGHT")).status == 200
    assert hub.violations == []


def test_one_bad_comment_refuses_all_and_nobody_says_which(opened: Opened, client: Client) -> None:
    answer = _review(client, _at(2), _at(99), _at(10))
    assert answer.status == 422
    assert len(answer.json["errors"]) == 1
    assert "99" not in answer.text.decode()
    assert (opened.repository.reviews, opened.repository.review_comments) == ({}, {})


@pytest.mark.parametrize(
    ("event", "body", "status"),
    [
        ("COMMENT", "", 422),
        ("REQUEST_CHANGES", "", 422),
        ("COMMENT", "b", 200),
        ("REQUEST_CHANGES", "b", 200),
        ("APPROVE", "", 200),
    ],
)
def test_who_judges_says_something(
    opened: Opened, person: Client, event: str, body: str, status: int
) -> None:
    assert person.post(REVIEWS, {"event": event, "body": body}).status == status
    assert len(opened.repository.reviews) == (status == 200)


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ("APPROVE", "Can not approve your own pull request"),
        ("REQUEST_CHANGES", "Can not request changes on your own pull request"),
    ],
)
def test_nobody_judges_the_own_pull_request(
    hub: Hub, opened: Opened, event: str, word: str
) -> None:
    author = Client(hub.api_url, hub.personal_token(opened.issue.user.login))
    refused = author.post(REVIEWS, {"event": event, "body": "b"})
    assert (refused.status, refused.json["errors"]) == (422, [word])
    assert author.post(REVIEWS, {"event": "COMMENT", "body": "b"}).status == 200


def test_a_workflow_approves_only_where_the_switch_is_on(opened: Opened, client: Client) -> None:
    refused = client.post(REVIEWS, {"event": "APPROVE", "body": "b"})
    assert refused.json["errors"] == ["GitHub Actions is not permitted to approve pull requests."]
    opened.repository.actions_approve = True
    assert client.post(REVIEWS, {"event": "APPROVE", "body": "b"}).json["state"] == "APPROVED"


def test_a_person_has_one_pending_review(opened: Opened, client: Client, person: Client) -> None:
    pending = client.post(REVIEWS, {"body": "b", "comments": [_at(2)]})
    assert pending.json["state"] == "PENDING"
    again = client.post(REVIEWS, {"body": "b", "event": "COMMENT"})
    assert again.json["errors"] == ["User can only have one pending review per pull request"]
    assert person.post(REVIEWS, {"body": "b", "event": "COMMENT"}).status == 200
    assert [each["state"] for each in person.get(REVIEWS).json] == ["COMMENTED"]
    assert person.get(COMMENTS).json == []
    assert client.ask("DELETE", f"{REVIEWS}/{pending.json['id']}").status == 200
    assert opened.repository.review_comments == {}


def test_a_pending_review_can_be_submitted_once(opened: Opened, client: Client) -> None:
    number = client.post(REVIEWS, {"body": "b", "comments": [_at(2)]}).json["id"]
    events = f"{REVIEWS}/{number}/events"
    assert client.post(events, {"event": "COMMENT"}).json["state"] == "COMMENTED"
    assert client.post(events, {"event": "COMMENT"}).status == 422
    assert client.ask("DELETE", f"{REVIEWS}/{number}").status == 422
    assert len(client.get(COMMENTS).json) == len(opened.repository.review_comments) == 1


def test_a_block_stands_until_it_is_dismissed_and_only_once(opened: Opened, client: Client) -> None:
    number = client.post(REVIEWS, {"event": "REQUEST_CHANGES", "body": "b"}).json["id"]
    later = client.post(REVIEWS, {"event": "COMMENT", "body": "b"}).json["id"]
    assert [r["state"] for r in client.get(REVIEWS).json] == ["CHANGES_REQUESTED", "COMMENTED"]
    dismissed = client.put(f"{REVIEWS}/{number}/dismissals", {"message": "fixed"})
    assert dismissed.json["state"] == "DISMISSED"
    for each in (number, later):
        assert client.put(f"{REVIEWS}/{each}/dismissals", {"message": "fixed"}).status == 422
    assert opened.repository.reviews[number].state == "DISMISSED"


def test_a_review_is_of_a_commit_of_the_pull_request(opened: Opened, client: Client) -> None:
    first = opened.head
    opened.push({"a.py": "other\n"})
    assert _review(client, _at(2), commit_id=first).status == 200
    assert _review(client, commit_id=opened.head).json["commit_id"] == opened.head
    assert _review(client).json["commit_id"] == opened.head
    assert _review(client, commit_id=opened.base).status == 422
    assert _review(client, commit_id="0" * 40).status == 422


def test_only_the_text_of_an_own_review_can_be_changed(
    opened: Opened, client: Client, person: Client
) -> None:
    number = _review(client).json["id"]
    assert client.put(f"{REVIEWS}/{number}", {"body": "new"}).json["body"] == "new"
    assert person.put(f"{REVIEWS}/{number}", {"body": "x"}).status == 422
    assert opened.repository.reviews[number].body == "new"


def test_a_file_takes_a_comment_by_the_single_operation_only(
    hub: Hub, opened: Opened, client: Client
) -> None:
    said = {"body": "b", "commit_id": opened.head, "path": "a.py", "subject_type": "file"}
    made = client.post(COMMENTS, said)
    assert (made.status, made.json["line"], made.json["subject_type"]) == (201, None, "file")
    assert client.post(COMMENTS, said | {"path": "other.py"}).status == 422
    _review(client, {"path": "a.py", "body": "b", "subject_type": "file"})
    hub.forgive("subject_type")


def test_a_single_comment_makes_a_review_of_its_own(opened: Opened, client: Client) -> None:
    said = {"body": "b", "commit_id": opened.head, "path": "a.py", "line": 2, "side": "RIGHT"}
    made = client.post(COMMENTS, said)
    assert made.status == 201
    (review,) = client.get(REVIEWS).json
    assert (review["id"], review["body"]) == (made.json["pull_request_review_id"], "")
    refused = client.post(COMMENTS, said | {"line": 99})
    assert refused.json["errors"][0]["resource"] == "PullRequestReviewComment"


def test_replies_hang_below_the_first_comment(opened: Opened, client: Client) -> None:
    said = {"body": "b", "commit_id": opened.head, "path": "a.py", "line": 2, "side": "RIGHT"}
    first = client.post(COMMENTS, said).json["id"]
    reply = client.post(f"{COMMENTS}/{first}/replies", {"body": "yes"}).json
    again = client.post(f"{COMMENTS}/{reply['id']}/replies", {"body": "and"}).json
    assert (reply["in_reply_to_id"], again["in_reply_to_id"]) == (first, first)
    assert client.post(f"{COMMENTS}/1/replies", {"body": "yes"}).status == 404


def test_comments_can_be_changed_and_deleted(opened: Opened, client: Client) -> None:
    _review(client, _at(2))
    (number,) = opened.repository.review_comments
    here = f"/repos/demo/shapes/pulls/comments/{number}"
    assert client.patch(here, {"body": "new"}).json["body"] == "new"
    assert client.ask("DELETE", here).status == 204
    assert client.get(here).status == 404


def test_a_locked_conversation_takes_words_of_collaborators_only(
    hub: Hub, opened: Opened, client: Client
) -> None:
    opened.lock()
    assert _review(client).status == 403
    assert client.post("/repos/demo/shapes/issues/1/comments", {"body": "b"}).status == 403
    owner = Client(hub.api_url, hub.personal_token("demo"))
    assert owner.post("/repos/demo/shapes/issues/1/comments", {"body": "b"}).status == 201
