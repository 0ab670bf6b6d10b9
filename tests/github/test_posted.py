"""What is ours on a pull request, and that a copied marker is not."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from reviewbot.github.call import Call, post
from reviewbot.github.classify import meaning_of
from reviewbot.github.client import Client
from reviewbot.github.identity import read_own_id
from reviewbot.github.posted import read_posted
from reviewbot.github.pull import read_pull_request
from reviewbot.review.marker import CLOSED, Kind, Marker, key_of, marker_line
from reviewbot.review.posted import Posted
from reviewbot.review.pull_request import PullRequest
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.github.doors import door, on_one_loop, reader
from tests.github.ports import AddressedPort, says
from tests.github.ports import reader as scripted

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio

BASE, HEAD = {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}
FINDING = "f" * 16
ROOT = "/repos/demo/shapes"


def mark(pull: PullRequest, kind: Kind, *, key: str = "", data: str = "", secret: str = "") -> str:
    head = pull.head if kind == "review" else ""
    own = key or key_of(pull.repository_id, pull.number, kind, head)
    marker = Marker(kind=kind, key=own, head=pull.head, run=1, data=data)
    return marker_line(marker, secret)


async def send(client: Client, call: Call) -> int:
    answer = await client.send(call, deadline=reader_deadline())
    meaning = meaning_of(call, answer)
    assert meaning.ok, meaning.said
    assert isinstance(meaning.value, dict)
    number = meaning.value["id"]
    assert isinstance(number, int)
    return number


def reader_deadline() -> float:
    return float("inf")


def review(pull: PullRequest, body: str, comment: str) -> Call:
    comments = [{"path": "a.py", "line": 1, "side": "RIGHT", "body": comment}]
    return post(
        f"{ROOT}/pulls/{pull.number}/reviews",
        {"event": "COMMENT", "commit_id": pull.head, "body": body, "comments": comments},
    )


def summary(pull: PullRequest, body: str) -> Call:
    return post(f"{ROOT}/issues/{pull.number}/comments", {"body": body})


async def read(hub: Hub, opened: Opened, *, secret: str = "", check_key: str = "") -> Posted:
    asker = reader(hub)
    pull = await read_pull_request(asker, "demo/shapes", opened.number)
    own = await read_own_id(asker, is_installation=True)
    return await read_posted(asker, pull, own_id=own, secret=secret, check_key=check_key)


async def opened_pull(hub: Hub) -> tuple[Opened, PullRequest]:
    opened = open_pull_request(hub, BASE, HEAD)
    return opened, await read_pull_request(reader(hub), "demo/shapes", opened.number)


async def test_what_we_posted_is_found_again(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    client = door(hub)
    comment = f"{mark(pull, 'comment', key=FINDING)}\n**F401** unused"
    said = f"{mark(pull, 'summary')}\nwell"
    first = await send(client, review(pull, f"{mark(pull, 'review')}\nhm", comment))
    second = await send(client, summary(pull, said))
    posted = await read(hub, opened)
    assert posted.complete
    assert [(each.id, each.state) for each in posted.reviews] == [(first, "COMMENTED")]
    (found,) = posted.comments
    assert (found.marker.key, found.path, found.line, found.body) == (FINDING, "a.py", 1, comment)
    assert (found.closed, found.answered) == (False, False)
    assert [(each.id, each.digest) for each in posted.summaries] == [
        (second, sha256(said.encode()).hexdigest())
    ]


async def test_an_outdated_an_answered_and_a_closed_comment_say_so(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    body = mark(pull, "comment", key=FINDING, data=CLOSED)
    await send(door(hub), review(pull, mark(pull, "review"), body))
    (number,) = opened.repository.review_comments
    person = door(hub, hub.personal_token("ada"))
    await send(person, post(f"{ROOT}/pulls/1/comments/{number}/replies", {"body": "why?"}))
    opened.force_push({"a.py": "y = 1\n"})
    (found,) = (await read(hub, opened)).comments
    assert (found.closed, found.answered, found.line) == (True, True, None)


@pytest.mark.parametrize("key", ["", "0" * 16])
async def test_a_marker_that_somebody_else_wrote_is_not_ours(hub: Hub, key: str) -> None:
    opened, pull = await opened_pull(hub)
    stranger = door(hub, hub.personal_token("mallory"))
    await send(stranger, summary(pull, mark(pull, "summary", key=key)))
    await send(stranger, review(pull, mark(pull, "review"), mark(pull, "comment", key=FINDING)))
    posted = await read(hub, opened)
    assert posted.complete
    assert (posted.reviews, posted.comments, posted.summaries) == ((), (), ())


async def test_another_workflow_with_our_account_is_not_us(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    bot = door(hub)
    other = replace(pull, number=99)
    for body in (
        "coverage: 93 %",
        f"quoted:\n{mark(pull, 'summary')}",
        f" {mark(pull, 'summary')}",
        mark(other, "summary"),
        mark(pull, "review"),
        mark(pull, "summary", key="0" * 16),
    ):
        await send(bot, summary(pull, body))
    assert (await read(hub, opened)).summaries == ()


async def test_with_a_secret_only_what_it_signed_is_ours(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    await send(door(hub), summary(pull, mark(pull, "summary")))
    signed = await send(door(hub), summary(pull, mark(pull, "summary", secret="s")))  # noqa: S106 - nobody's
    found = await read(hub, opened, secret="s")  # noqa: S106 - nobody's
    assert [each.id for each in found.summaries] == [signed]


@pytest.mark.feature("G27")
async def test_ours_is_found_behind_a_hundred_and_twenty_other_comments(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    hub.state.limits.content_per_minute = hub.state.limits.points_per_minute = 1000
    for number in range(120):
        await send(door(hub), summary(pull, f"me too {number}"))
    ours = await send(door(hub), summary(pull, mark(pull, "summary")))
    posted = await read(hub, opened)
    assert ([each.id for each in posted.summaries], posted.complete) == ([ours], True)


LISTS = ["pulls/list-reviews", "pulls/list-review-comments", "issues/list-comments"]


@pytest.mark.parametrize("operation", LISTS)
@pytest.mark.parametrize("fault", ["502 html", "200 html", "403 permission", "404", "reset"])
async def test_a_list_that_cannot_be_read_makes_it_incomplete(
    hub: Hub, operation: str, fault: str
) -> None:
    opened, _ = await opened_pull(hub)
    hub.fault(operation, fault, times=None)
    assert not (await read(hub, opened)).complete


async def test_who_does_not_know_its_own_account_finds_nothing_and_may_write_nothing(
    hub: Hub,
) -> None:
    _, pull = await opened_pull(hub)
    posted = await read_posted(reader(hub), pull, own_id=None)
    assert (posted.complete, posted.summaries) == (False, ())


async def test_our_check_run_is_told_by_its_key_and_not_by_its_name(hub: Hub) -> None:
    opened, pull = await opened_pull(hub)
    path = f"{ROOT}/check-runs"
    await send(door(hub), post(path, {"name": "reviewbot", "head_sha": pull.head}))
    ours = {"name": "reviewbot", "head_sha": pull.head, "external_id": FINDING}
    await send(door(hub), post(path, ours))
    last = await send(door(hub), post(path, ours))
    assert (await read(hub, opened, check_key=FINDING)).check_run == last
    assert (await read(hub, opened, check_key="0" * 16)).check_run is None


@pytest.mark.parametrize(("fault", "complete"), [("403 permission", True), ("502 html", False)])
async def test_check_runs_that_we_may_not_see_are_no_hole(
    hub: Hub,
    fault: str,
    complete: bool,  # noqa: FBT001 - a table
) -> None:
    opened, _ = await opened_pull(hub)
    hub.fault("checks/list-for-ref", fault, times=None)
    posted = await read(hub, opened, check_key=FINDING)
    assert (posted.complete, posted.check_run) == (complete, None)


async def test_labels_are_known_whoever_set_them(hub: Hub) -> None:
    opened, _ = await opened_pull(hub)
    opened.issue.labels = ["bug", "reviewbot: clean"]
    opened.repository.labels |= {
        each: {"name": each, "color": "ededed"} for each in opened.issue.labels
    }
    assert (await read(hub, opened)).labels == ("bug", "reviewbot: clean")


async def test_odd_records_of_our_own_account_make_it_incomplete_and_raise_nothing() -> None:
    asker, _ = scripted(says(200, [{"id": 1, "user": {"id": 5}, "body": 7}]))
    asked = await read_posted(asker, a_pull(), own_id=5)
    assert not asked.complete


async def test_words_that_are_no_text_are_digested_all_the_same() -> None:
    body = f"{mark(a_pull(), 'summary')}\n\ud800"
    record = {"id": 1, "user": {"id": 5}, "body": body}
    answers = {f"{ROOT}/issues/1/comments": says(200, json.dumps([record]))}
    for name in ("reviews", "comments"):
        answers[f"{ROOT}/pulls/1/{name}"] = says(200, [])
    asker = replace(scripted()[0], port=AddressedPort(answers=answers))
    posted = await read_posted(asker, a_pull(), own_id=5)
    assert (posted.complete, len(posted.summaries)) == (True, 1)


def a_pull() -> PullRequest:
    return PullRequest(
        repository="demo/shapes",
        repository_id=1,
        number=1,
        head="a" * 40,
        head_ref="topic",
        head_repository_id=1,
        base="b" * 40,
        base_ref="main",
        author="ada",
        author_id=2,
        changed_files=1,
        clone_url="https://github.com/demo/shapes.git",
        url="https://github.com/demo/shapes/pull/1",
    )
