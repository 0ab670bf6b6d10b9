"""Pages, limits and caching."""

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.github.state import Comment

R = "/repos/demo/shapes"
COMMENTS = f"{R}/issues/1/comments"


@pytest.fixture
def talk(hub: Hub, opened: Opened) -> Opened:
    """A pull request with 120 comments."""
    author = hub.state.user("ada")
    for number in range(1, 121):
        comment = Comment(id=number, issue=1, user=author, body=str(number))
        opened.repository.comments[number] = comment
    return opened


@pytest.mark.parametrize(
    ("query", "first", "count", "relations"),
    [
        ({}, 1, 30, {"next", "last"}),
        ({"per_page": 100}, 1, 100, {"next", "last"}),
        ({"per_page": 1000}, 1, 100, {"next", "last"}),
        ({"per_page": 100, "page": 2}, 101, 20, {"prev", "first"}),
        ({"page": 2}, 31, 30, {"prev", "next", "last", "first"}),
        ({"page": 9}, None, 0, {"prev", "first"}),
    ],
)
def test_a_list_comes_in_pages(
    talk: Opened,
    client: Client,
    query: dict[str, int],
    first: int | None,
    count: int,
    relations: set[str],
) -> None:
    del talk
    answer = client.get(COMMENTS, query)
    assert len(answer.json) == count
    assert (answer.json[0]["id"] if answer.json else None) == first
    assert {part.split('"')[1] for part in answer.headers["link"].split(",")} == relations


def test_links_name_the_repository_by_its_number_and_keep_what_was_asked(
    hub: Hub, talk: Opened, client: Client
) -> None:
    link = client.get(COMMENTS, {"per_page": 50}).headers["link"]
    address = link.split(">")[0].removeprefix("<")
    number = talk.repository.id
    expected = f"{hub.api_url}/repositories/{number}/issues/1/comments?per_page=50&page=2"
    assert address == expected
    assert client.get(address.removeprefix(hub.api_url)).json[0]["id"] == 51


def test_what_fits_on_one_page_has_no_links(opened: Opened, client: Client) -> None:
    del opened
    assert "link" not in client.get(COMMENTS).headers


def test_every_answer_says_what_is_left_of_the_hour(hub: Hub, opened: Opened) -> None:
    del opened
    client = Client(hub.api_url, hub.actions_token())
    left = [int(client.get(f"{R}/pulls/1").headers["x-ratelimit-remaining"]) for _ in range(2)]
    assert left == [999, 998]
    core = client.get("/rate_limit").json["resources"]["core"]
    assert (core["limit"], core["remaining"]) == (1000, 998)
    person = Client(hub.api_url, hub.personal_token())
    assert person.get(f"{R}/pulls/1").headers["x-ratelimit-limit"] == "5000"


def test_after_the_last_request_of_the_hour_nothing_has_an_effect(
    hub: Hub, opened: Opened, client: Client
) -> None:
    hub.state.limits.per_hour = 1
    assert client.post(COMMENTS, {"body": "b"}).status == 201
    refused = client.post(COMMENTS, {"body": "b"})
    assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(refused.headers["x-ratelimit-reset"]) > 0
    assert len(opened.repository.comments) == 1


def test_too_much_content_in_a_minute_is_refused(hub: Hub, opened: Opened, client: Client) -> None:
    hub.state.limits.content_per_minute = 2
    statuses = [client.post(COMMENTS, {"body": "b"}).status for _ in range(3)]
    assert statuses == [201, 201, 403]
    assert client.get(COMMENTS).status == 200
    assert len(opened.repository.comments) == 2


def test_too_many_points_in_a_minute_are_refused(hub: Hub, opened: Opened, client: Client) -> None:
    del opened
    hub.state.limits.points_per_minute = 7
    assert [client.get(COMMENTS).status, client.post(COMMENTS, {"body": "b"}).status] == [200, 201]
    answers = [client.get(COMMENTS) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 403]
    assert answers[1].headers["retry-after"] == "60"


def test_what_has_not_changed_costs_nothing(opened: Opened, client: Client) -> None:
    first = client.get(COMMENTS)
    again = client.get(COMMENTS, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.text) == (304, b"")
    client.post(COMMENTS, {"body": "b"})
    changed = client.get(COMMENTS, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status == 200
    assert len(opened.repository.comments) == 1
    assert int(changed.headers["x-ratelimit-used"]) == 3


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
@pytest.mark.parametrize(("short", "status"), [(1, 201), (0, 201), (-1, 422)])
def test_a_body_has_65536_characters_at_most(
    opened: Opened, client: Client, letter: str, short: int, status: int
) -> None:
    answer = client.post(COMMENTS, {"body": letter * (65_536 - short)})
    assert answer.status == status
    assert len(opened.repository.comments) == (status == 201)
    if status == 422:
        assert answer.json["errors"][0]["message"].startswith("Body is too long")


def test_or_as_many_bytes_by_the_stricter_reading(hub: Hub, opened: Opened, client: Client) -> None:
    hub.state.limits.count_bytes = True
    assert client.post(COMMENTS, {"body": "é" * 32_769}).status == 422
    assert client.post(COMMENTS, {"body": "é" * 32_768}).status == 201
    review = {"event": "COMMENT", "body": "é" * 32_769}
    refused = client.post(f"{R}/pulls/1/reviews", review)
    assert refused.json["errors"] == ["Body is too long (maximum is 65536 characters)"]
    assert opened.repository.reviews == {}


def test_check_runs_take_fifty_annotations_at_a_time(
    hub: Hub, opened: Opened, client: Client
) -> None:
    one = {"path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "warning"}
    rows = [one | {"message": str(number)} for number in range(51)]
    output = {"title": "t", "summary": "s"}
    said = {"name": "x", "head_sha": opened.head, "output": output | {"annotations": rows[:50]}}
    run = client.post(f"{R}/check-runs", said).json
    more = {"output": output | {"annotations": rows[50:]}, "conclusion": "neutral"}
    here = f"{R}/check-runs/{run['id']}"
    assert client.patch(here, more).json["output"]["annotations_count"] == 51
    found = client.get(f"{here}/annotations", {"per_page": 100}).json
    assert [row["message"] for row in found] == [row["message"] for row in rows]
    assert client.get(here).json["status"] == "completed"
    assert client.patch(here, {"output": output | {"annotations": rows}}).status == 422
    hub.forgive("annotations")
    listed = client.get(f"{R}/commits/{opened.head}/check-runs", {"check_name": "x"}).json
    assert [each["id"] for each in listed["check_runs"]] == [run["id"]]


def test_whether_a_pull_request_can_be_merged_is_not_known_at_once(
    opened: Opened, client: Client
) -> None:
    read = [client.get(f"{R}/pulls/{opened.number}").json["mergeable"] for _ in range(2)]
    assert read == [None, True]


def test_pull_requests_are_found_by_the_branch_of_the_fork(hub: Hub, client: Client) -> None:
    fork = open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"}, fork=True, author="eve")
    open_pull_request(hub, {}, {"a": "3\n"})
    found = client.get(f"{R}/pulls", {"state": "open", "head": f"eve:{fork.pull.head_ref}"}).json
    assert [(each["number"], each["head"]["repo"]["full_name"]) for each in found] == [
        (fork.number, "eve/shapes")
    ]
    fork.delete_fork()
    assert client.get(f"{R}/pulls/{fork.number}").json["head"]["repo"] is None
    fork.close()
    assert client.get(f"{R}/pulls", {"head": f"eve:{fork.pull.head_ref}"}).json == []
