"""The door against a server that does what servers do on bad days."""

import gzip
import json
import logging
import socket
import subprocess
import sys
import textwrap
import threading
import time
from itertools import pairwise
from pathlib import Path

import anyio
import pytest

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call, get, graphql, post
from reviewbot.github.classify import meaning_of
from reviewbot.github.client import Client, Pace
from reviewbot.github.meaning import AnswerKind, Effect
from tests.github.wire import Script, Seen, Wire, drips, hangs, resets, says

pytestmark = pytest.mark.anyio

SOURCE = Path(__file__).parents[2] / "reviewbot"
TOKEN = "ghp_canary0123456789"  # noqa: S105 - nobody's
NOW = Pace(after_any=0, after_write=0)
READ = get("/repos/o/r/pulls/7")
WRITE = post("/repos/o/r/pulls/7/reviews", {"body": "é"})


def client(wire: Wire, *, pace: Pace = NOW, prefix: str = "") -> Client:
    return Client(token=TOKEN, api_url=wire.url + prefix, pace=pace, timeout=5)


async def ask(door: Client, call: Call, seconds: float = 5.0) -> Answer:
    return await door.send(call, deadline=anyio.current_time() + seconds)


@pytest.mark.feature("G21")
@pytest.mark.parametrize("prefix", ["", "/api/v3", "/github/api/v3"])
async def test_the_configured_server_is_asked_under_its_prefix(prefix: str) -> None:
    with Wire((says(200, {"id": 1}, x_github_request_id="A1"),)) as wire:
        answer = await ask(client(wire, prefix=prefix), get("/repos/o/r", per_page="1"))
    (seen,) = wire.seen
    assert (seen.verb, seen.path) == ("GET", f"{prefix}/repos/o/r?per_page=1")
    assert seen.headers["authorization"] == f"token {TOKEN}"
    assert seen.headers["x-github-api-version"] == "2022-11-28"
    assert seen.headers["accept"] == "application/vnd.github+json"
    assert (answer.status, json.loads(answer.text)) == (200, {"id": 1})
    assert answer.headers["x-github-request-id"] == "A1"


@pytest.mark.feature("G21")
@pytest.mark.parametrize(
    ("prefix", "place"),
    [("", "/graphql"), ("/api/v3", "/api/graphql"), ("/github/api/v3", "/github/api/graphql")],
)
async def test_questions_in_graphql_go_to_the_place_for_them(prefix: str, place: str) -> None:
    with Wire((says(200, {"data": {}}),)) as wire:
        await ask(client(wire, prefix=prefix), graphql("query { viewer { login } }"))
    assert wire.seen[0].path == place


async def test_a_body_is_sent_as_json() -> None:
    with Wire((says(200, {"id": 1}),)) as wire:
        await ask(client(wire), WRITE)
    assert json.loads(wire.seen[0].body) == {"body": "é"}


FAULTS: dict[str, tuple[Script, AnswerKind]] = {
    "reset": (resets, AnswerKind.TRANSIENT),
    "short body": (says(200, {"id": 1}, length=999), AnswerKind.TRANSIENT),
    "bad gateway": (says(502, b"<html>"), AnswerKind.TRANSIENT),
    "a page of HTML": (says(200, b"<html>sign in</html>"), AnswerKind.GARBAGE),
    "half of the JSON": (says(200, b'{"id": 1'), AnswerKind.GARBAGE),
    "an empty list": (says(200, []), AnswerKind.GARBAGE),
    "nothing": (says(200, b""), AnswerKind.GARBAGE),
    "drip": (drips(200, b'{"id": 1}', every=0.1), AnswerKind.TRANSIENT),
    "slow headers": (drips(200, b'{"id": 1}', every=0.1, where="all"), AnswerKind.TRANSIENT),
    "no answer": (hangs, AnswerKind.TRANSIENT),
    "not gzip": (says(200, b"{}", content_encoding="gzip"), AnswerKind.TRANSIENT),
    "a limit that is no number": (
        says(200, {"id": 1}, x_ratelimit_limit="many", x_ratelimit_remaining="inf"),
        AnswerKind.STUMBLED,
    ),
}


@pytest.mark.feature("G26")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_write_is_sent_once_and_a_lost_answer_is_of_unknown_effect(fault: str) -> None:
    script, kind = FAULTS[fault]
    with Wire((script,)) as wire:
        meaning = meaning_of(WRITE, await ask(client(wire), WRITE, 0.3))
    assert (meaning.kind, meaning.effect) == (kind, Effect.UNKNOWN)
    assert len(wire.seen) == 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_after_a_fault_the_next_call_gets_its_own_answer(fault: str) -> None:
    with Wire((FAULTS[fault][0], says(200, {"id": 2}))) as wire:
        door = client(wire)
        await ask(door, READ, 0.3)
        assert meaning_of(READ, await ask(door, READ)).value == {"id": 2}


@pytest.mark.parametrize("fault", ["drip", "slow headers", "no answer"])
async def test_the_deadline_holds_whatever_the_server_does(fault: str) -> None:
    with Wire((FAULTS[fault][0],)) as wire:
        started = time.monotonic()
        answer = await ask(client(wire), READ, 0.3)
        assert time.monotonic() - started < 0.3 + 1
    assert answer.status == 0


async def test_not_yet_is_an_answer_and_no_loop() -> None:
    with Wire((says(202, {}),)) as wire:
        meaning = meaning_of(READ, await ask(client(wire), READ))
    assert (meaning.kind, len(wire.seen)) == (AnswerKind.NOT_READY, 1)


async def test_nothing_is_sent_while_a_write_without_answer_is_under_way() -> None:
    with Wire((hangs, says(200, {"id": 2}))) as wire:
        door = client(wire)
        await ask(door, WRITE, 0.1)
        answer = await ask(door, READ, 0.1)
        assert (answer.failure, len(wire.seen)) == ("unsent", 1)
        assert meaning_of(WRITE, answer).effect is Effect.NO
        wire.over.set()  # the server lets it go, so what is read now says whether it landed
        assert meaning_of(READ, await ask(door, READ)).value == {"id": 2}


async def test_a_write_whose_answer_drips_is_let_go_at_its_deadline() -> None:
    with Wire((drips(200, b"x" * 1000, every=0.05), says(200, {"id": 2}))) as wire:
        door = client(wire)
        await ask(door, WRITE, 0.2)
        assert meaning_of(READ, await ask(door, READ, 2)).value == {"id": 2}


async def test_a_cancelled_call_leaves_a_door_that_works() -> None:
    with Wire((drips(200, b"x" * 1000, every=0.05), says(200, {"id": 2}))) as wire:
        door = client(wire)
        with anyio.move_on_after(0.2):
            await ask(door, WRITE, 0.4)
        assert meaning_of(READ, await ask(door, READ)).value == {"id": 2}


async def test_calls_are_made_one_at_a_time_and_each_gets_its_own_answer() -> None:
    at_once = threading.Semaphore(1)

    def script(seen: Seen, connection: socket.socket, wire: Wire) -> None:
        assert at_once.acquire(blocking=False)
        number = int(seen.path.rpartition("/")[2])
        at_once.release()
        says(200, {"id": number})(seen, connection, wire)

    with Wire((script,)) as wire:
        door, got = client(wire), dict[int, int]()

        async def one(number: int) -> None:
            answer = await ask(door, get(f"/x/{number}"))
            got[number] = json.loads(answer.text)["id"]

        async with anyio.create_task_group() as group:
            for number in range(1, 9):
                group.start_soon(one, number)
    assert got == {number: number for number in range(1, 9)}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])
async def test_what_moved_is_asked_for_once_at_its_new_place(status: int, call: Call) -> None:
    moved = says(status, {}, location="/repositories/1/there")
    with Wire((moved, says(200, {"id": 3}))) as wire:
        meaning = meaning_of(call, await ask(client(wire), call))
    assert meaning.value == {"id": 3}
    assert [(each.verb, each.body) for each in wire.seen] == [
        (call.verb, wire.seen[0].body),
        (call.verb, wire.seen[0].body),
    ]
    assert wire.seen[1].path == "/repositories/1/there"


async def test_a_list_that_moved_keeps_its_query() -> None:
    moved = says(301, {}, location="/repositories/1/files")
    with Wire((moved, says(200, []))) as wire:
        await ask(client(wire), get("/files", per_page="100", page="2"))
    assert wire.seen[1].path == "/repositories/1/files?page=2&per_page=100"


@pytest.mark.parametrize(
    "place",
    ["http://127.0.0.2/x", "https://127.0.0.1/x", "ftp://127.0.0.1/x", "//evil/x", ""],
)
async def test_nothing_follows_to_another_host(place: str) -> None:
    with Wire((says(307, {}, location=place),)) as wire:
        meaning = meaning_of(WRITE, await ask(client(wire), WRITE, 2))
    assert len(wire.seen) == 1
    assert (meaning.kind, meaning.effect) == (AnswerKind.MOVED, Effect.NO)


async def test_a_second_redirect_is_given_up() -> None:
    with Wire((says(307, {}, location="/a"), says(308, {}, location="/b"))) as wire:
        meaning = meaning_of(WRITE, await ask(client(wire), WRITE))
    assert (meaning.kind, len(wire.seen)) == (AnswerKind.MOVED, 2)


async def test_a_place_that_is_asked_for_is_not_gone_to() -> None:
    asked = Call(verb="GET", path="/artifacts/1/zip", expects="place")
    with Wire((says(302, {}, location="https://blobs.example/a?sig=1"),)) as wire:
        meaning = meaning_of(asked, await ask(client(wire), asked))
    assert (meaning.value, len(wire.seen)) == ("https://blobs.example/a?sig=1", 1)


async def test_a_url_of_another_host_reaches_the_configured_one() -> None:
    with Wire((says(200, []),)) as wire:
        await ask(client(wire), get("https://evil.example/repositories/1/files?page=2"))
    assert wire.seen[0].path == "/repositories/1/files?page=2"


async def test_compressed_answers_and_bytes_that_are_no_text_are_read() -> None:
    packed = says(200, gzip.compress(b"diff \xe9"), content_encoding="gzip")
    with Wire((packed,)) as wire:
        answer = await ask(client(wire), READ)
    assert answer.text.encode("utf-8", "surrogateescape") == b"diff \xe9"


@pytest.mark.feature("G25")
async def test_writes_keep_their_distance() -> None:
    with Wire((says(200, {"id": 1}),)) as wire:
        door = client(wire, pace=Pace(after_any=0.05, after_write=0.2))
        times = []
        for call in (WRITE, WRITE, READ, READ):
            await ask(door, call)
            times.append(time.monotonic())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] >= 0.2
    assert 0.05 <= gaps[1] < 0.2
    assert gaps[2] >= 0.05


@pytest.mark.feature("G25")
def test_by_default_writes_are_a_second_apart_and_all_calls_a_quarter() -> None:
    pace = Pace()
    assert pace.due(WRITE, last=10.0, last_write=10.0) == 11.0
    assert pace.due(WRITE, last=10.9, last_write=10.0) == 11.15
    assert pace.due(READ, last=10.0, last_write=10.0) == 10.25


async def test_a_call_whose_turn_comes_too_late_is_not_sent() -> None:
    with Wire((says(200, {"id": 1}),)) as wire:
        door = client(wire, pace=Pace(after_any=0, after_write=5))
        await ask(door, WRITE)
        answer = await ask(door, WRITE, 0.1)
    assert (answer.failure, len(wire.seen)) == ("unsent", 1)


async def test_a_server_that_sends_the_token_back_does_not_get_it_into_a_text() -> None:
    with Wire((says(502, {"sent": f"token {TOKEN}"}),)) as wire:
        door = client(wire)
        answer = await ask(door, READ)
    assert TOKEN not in answer.text + repr(door)


async def test_nobody_is_there() -> None:
    with Wire((says(200, {}),)) as wire:
        door = client(wire)
    meaning = meaning_of(WRITE, await ask(door, WRITE))
    assert (meaning.kind, meaning.said) == (
        AnswerKind.TRANSIENT,
        "no answer: network ConnectionError",
    )
    assert logging.getLogger("github").handlers == []


def test_a_call_that_was_left_behind_does_not_hold_up_the_end_of_the_process() -> None:
    program = """
        import anyio, sys
        from reviewbot.github.call import get
        from reviewbot.github.client import Client
        async def main():
            door = Client(token="", api_url=sys.argv[1])
            await door.send(get("/x"), deadline=anyio.current_time() + 0.1)
        anyio.run(main, backend=sys.argv[2])
    """
    with Wire((hangs,)) as wire:
        for backend in ("asyncio", "trio"):
            done = subprocess.run(
                [sys.executable, "-c", textwrap.dedent(program), wire.url, backend],
                cwd=SOURCE.parent,
                timeout=20,
                check=False,
                capture_output=True,
            )
            assert (done.returncode, done.stderr) == (0, b"")
        assert len(wire.seen) == 2


@pytest.mark.parametrize(("token", "told"), [("ghs_x", True), ("ghp_x", False), ("", False)])
def test_the_token_of_actions_is_told_by_its_start(token: str, told: bool) -> None:  # noqa: FBT001 - a table
    assert Client(token=token).is_installation is told
