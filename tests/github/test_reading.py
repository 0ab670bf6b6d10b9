"""What is asked again, what is not, and what a list says that could not be read to its end."""

import anyio
import pytest

from reviewbot.errors import (
    ForgeAway,
    ForgeBusy,
    ForgeGarbled,
    ForgeRefused,
    ReviewbotError,
)
from reviewbot.github.answer import Answer
from reviewbot.github.call import get, listing
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.reading import Reader
from tests.github.ports import LOST, ScriptedPort, reader, says

pytestmark = pytest.mark.anyio

READ, LIST = get("/x"), listing("/list")
GOOD = says(200, {"id": 1})
HTML = says(200, "<html>")
AWAY = says(502, "<html>")
NOT_PERMITTED = {"message": "Resource not accessible by integration"}


def page(*ids: int, next_page: int | None = None) -> Answer:
    link = f'<http://h/list?page={next_page}>; rel="next", <http://h/list?page=9>; rel="last"'
    headers = {} if next_page is None else {"link": link}
    return says(200, [{"id": each} for each in ids], **headers)


@pytest.mark.feature("G26")
@pytest.mark.parametrize(
    ("answers", "kind", "asked"),
    [
        ((GOOD,), AnswerKind.OK, 1),
        ((AWAY, GOOD), AnswerKind.OK, 2),
        ((LOST, AWAY, LOST, GOOD), AnswerKind.OK, 4),
        ((AWAY,), AnswerKind.TRANSIENT, 4),
        ((HTML, GOOD), AnswerKind.OK, 2),
        ((HTML,), AnswerKind.GARBAGE, 3),
        ((says(202, {}),), AnswerKind.NOT_READY, 1),
        ((says(403, NOT_PERMITTED),), AnswerKind.PERMISSION, 1),
        ((says(404, {}),), AnswerKind.NOT_FOUND, 1),
        ((says(401, {}),), AnswerKind.AUTH, 1),
        ((says(422, {}),), AnswerKind.VALIDATION, 1),
        ((says(429, {}, retry_after="0"), GOOD), AnswerKind.OK, 2),
        ((says(429, {}, retry_after="86400"), GOOD), AnswerKind.RATE, 1),
        ((says(429, {}), GOOD), AnswerKind.RATE, 1),
    ],
)
async def test_only_what_may_change_is_asked_again(
    answers: tuple[Answer, ...], kind: AnswerKind, asked: int
) -> None:
    asker, port = reader(*answers)
    assert (await asker.ask(READ)).kind is kind
    assert len(port.seen) == asked
    assert len(asker.retries) == asked - 1


@pytest.mark.feature("G25")
async def test_a_wait_that_github_states_is_kept() -> None:
    asker, _ = reader(says(429, {}, retry_after="1"), GOOD)
    started = anyio.current_time()
    assert (await asker.ask(READ)).ok
    assert anyio.current_time() - started >= 1


async def test_pauses_of_our_own_double_and_end_before_the_deadline() -> None:
    port = ScriptedPort(answers=(AWAY,))
    asker = Reader(port=port, deadline=anyio.current_time() + 0.5, first=0.05, jitter=lambda: 1.0)
    started = anyio.current_time()
    await asker.ask(READ)
    assert 0.05 + 0.1 + 0.2 <= anyio.current_time() - started < 0.5
    assert [each.rpartition("after ")[2] for each in asker.retries] == ["0.1 s", "0.1 s", "0.2 s"]


@pytest.mark.feature("G26", "G28")
@pytest.mark.parametrize(
    ("answer", "error", "hint"),
    [
        (says(401, {"message": "Bad credentials"}), ForgeRefused, "GITHUB_TOKEN"),
        (
            says(403, NOT_PERMITTED, x_accepted_github_permissions="pull_requests=read"),
            ForgeRefused,
            "add `pull-requests: read` to `permissions:` of the job",
        ),
        (
            says(
                403,
                NOT_PERMITTED,
                x_accepted_github_permissions="issues=write,contents=read; pull_requests=write",
            ),
            ForgeRefused,
            "add `issues: write, contents: read`",
        ),
        (says(403, NOT_PERMITTED), ForgeRefused, "give the token access"),
        (says(404, {"message": "Not Found"}), ForgeRefused, "address is wrong, or the token"),
        (says(429, {}, retry_after="90"), ForgeBusy, "come back in 90 seconds"),
        (AWAY, ForgeAway, "again later"),
        (LOST, ForgeAway, "again later"),
        (HTML, ForgeGarbled, "is this the API"),
        (says(410, {}), ForgeRefused, ""),
    ],
)
async def test_an_error_says_whose_turn_it_is(
    answer: Answer, error: type[ReviewbotError], hint: str
) -> None:
    asker, _ = reader(answer)
    with pytest.raises(error) as refused:
        await asker.read(READ)
    assert hint in refused.value.hint
    assert "/x" in refused.value.message


@pytest.mark.feature("G27")
async def test_all_pages_are_read_a_hundred_items_at_a_time() -> None:
    pages = (
        page(*range(100), next_page=2),
        page(*range(100, 200), next_page=3),
        page(*range(200, 250)),
    )
    asker, port = reader(*pages)
    found = await asker.read_all(LIST)
    assert found.complete
    assert [each["id"] for each in found.items] == list(range(250))
    assert port.seen[0].params == {"per_page": "100"}
    assert [each.path for each in port.seen[1:]] == ["http://h/list?page=2", "http://h/list?page=3"]


@pytest.mark.feature("G27")
async def test_what_moves_to_the_next_page_meanwhile_is_there_once() -> None:
    asker, _ = reader(page(1, 2, next_page=2), page(2, 3))
    found = await asker.read_all(LIST)
    assert ([each["id"] for each in found.items], found.complete) == ([1, 2, 3], True)


@pytest.mark.feature("G27")
@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        ((page(1, 2, next_page=2), AWAY), [1, 2]),
        ((page(1, 2, next_page=2), HTML), [1, 2]),
        ((page(1, 2, next_page=3), page(5)), [1, 2]),
        ((page(1, 2, next_page=2), page(next_page=3), page(5)), [1, 2]),
        ((page(1, 2, next_page=2), page(3, 4, next_page=2)), [1, 2, 3, 4]),
        ((says(200, [{"id": 1}, {"name": "x"}]),), []),
        ((says(200, {"items": "x"}),), []),
        ((says(403, NOT_PERMITTED),), []),
    ],
    ids=["gone", "garbage", "skipped", "empty", "again", "no id", "no list", "not permitted"],
)
async def test_a_list_with_a_hole_is_not_complete(
    pages: tuple[Answer, ...], ids: list[int]
) -> None:
    asker, _ = reader(*pages)
    found = await asker.read_all(LIST)
    assert ([each["id"] for each in found.items], found.complete) == (ids, False)
    assert "/list" in found.why


async def test_a_list_without_end_is_given_up() -> None:
    link = '<http://h/list?after=x>; rel="next"'
    asker, port = reader(says(200, [{"id": 1}], link=link))
    found = await asker.read_all(LIST)
    assert (found.complete, len(port.seen)) == (False, 100)


async def test_a_list_inside_an_object_is_read() -> None:
    asker, _ = reader(says(200, {"total_count": 1, "runs": [{"id": 1}]}))
    found = await asker.read_all(get("/runs"), under="runs")
    assert ([each["id"] for each in found.items], found.complete) == ([1], True)
