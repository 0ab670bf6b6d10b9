"""One row for each kind of answer that GitHub, or something before it, was seen to give."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.github.answer import Answer, Failure
from reviewbot.github.call import Call, delete, get, graphql, listing, post
from reviewbot.github.classify import meaning_of
from reviewbot.github.meaning import AnswerKind, Effect
from tests.github.ports import says

READ, LIST, WRITE = get("/pulls/7"), listing("/files"), post("/reviews", {})
DIFF = Call(verb="GET", path="/pulls/7", expects="diff")
QUERY = graphql("query { viewer { login } }")
MUTATION = graphql("mutation { x }")
DATE = "Fri, 20 Nov 2026 12:00:00 GMT"
NOON = 1795176000
PRIMARY = "API rate limit exceeded for installation ID 1."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."
INTEGRATION = {"message": "Resource not accessible by integration"}
TOO_LARGE = {"message": "Sorry", "errors": [{"resource": "PullRequest", "code": "too_large"}]}
YES, NO, UNKNOWN = Effect.YES, Effect.NO, Effect.UNKNOWN


def lost(failure: Failure) -> Answer:
    return Answer(status=0, failure=failure, text="Error")


@dataclass(frozen=True, slots=True)
class Row:
    call: Call
    answer: Answer
    kind: AnswerKind
    effect: Effect = NO
    wait: float | None = None


ROWS = {
    "created": Row(WRITE, says(201, {"id": 1}), AnswerKind.OK, YES),
    "read": Row(READ, says(200, {"number": 7}), AnswerKind.OK),
    "a list": Row(LIST, says(200, []), AnswerKind.OK),
    "deleted": Row(delete("/x"), says(204, ""), AnswerKind.OK, YES),
    "a portal at a deletion": Row(delete("/x"), says(200, "<p>"), AnswerKind.GARBAGE, UNKNOWN),
    "a portal": Row(WRITE, says(200, "<html>"), AnswerKind.GARBAGE, UNKNOWN),
    "half of it": Row(WRITE, says(201, '{"id": 1'), AnswerKind.GARBAGE, UNKNOWN),
    "a list for an item": Row(WRITE, says(200, []), AnswerKind.GARBAGE, UNKNOWN),
    "nothing": Row(WRITE, says(200, ""), AnswerKind.GARBAGE, UNKNOWN),
    "no id": Row(WRITE, says(201, {"body": "x"}), AnswerKind.GARBAGE, UNKNOWN),
    "an id that is none": Row(WRITE, says(201, {"id": True}), AnswerKind.GARBAGE, UNKNOWN),
    "an id too large": Row(WRITE, says(201, {"id": 2**63}), AnswerKind.GARBAGE, UNKNOWN),
    "an object for a list": Row(LIST, says(200, {}), AnswerKind.GARBAGE),
    "a list of numbers": Row(LIST, says(200, [1]), AnswerKind.GARBAGE),
    "not yet": Row(READ, says(202, {}), AnswerKind.NOT_READY),
    "moved": Row(WRITE, says(307, {}, location="/x"), AnswerKind.MOVED, NO),
    "moved for good": Row(READ, says(301, {}, location="/x"), AnswerKind.MOVED),
    "see other": Row(WRITE, says(303, {}, location="/x"), AnswerKind.GARBAGE, UNKNOWN),
    "bad credentials": Row(WRITE, says(401, {"message": "Bad credentials"}), AnswerKind.AUTH),
    "stated wait": Row(WRITE, says(403, {}, retry_after="7"), AnswerKind.RATE, NO, 7),
    "a day": Row(WRITE, says(429, {}, retry_after="86400"), AnswerKind.RATE, NO, 86400),
    "until a date": Row(
        WRITE,
        says(403, {}, retry_after="Fri, 20 Nov 2026 12:00:09 GMT", date=DATE),
        AnswerKind.RATE,
        NO,
        9,
    ),
    "nonsense": Row(WRITE, says(403, {}, retry_after="soon"), AnswerKind.RATE, NO, 60),
    "nothing remains": Row(
        READ,
        says(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOON + 50), date=DATE),
        AnswerKind.RATE,
        NO,
        51,
    ),
    "the reset is past": Row(
        READ,
        says(429, {}, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOON - 50), date=DATE),
        AnswerKind.RATE,
        NO,
        1,
    ),
    "primary by its words": Row(READ, says(403, {"message": PRIMARY}), AnswerKind.RATE, NO, 60),
    "secondary": Row(WRITE, says(403, {"message": SECONDARY}), AnswerKind.RATE, NO, 60),
    "429 alone": Row(WRITE, says(429, {"message": "x"}), AnswerKind.RATE, NO, 60),
    "429 of a proxy": Row(WRITE, says(429, "<p>slow down</p>"), AnswerKind.RATE, NO, 60),
    "not permitted": Row(WRITE, says(403, INTEGRATION), AnswerKind.PERMISSION),
    "not permitted to read": Row(READ, says(403, INTEGRATION), AnswerKind.PERMISSION),
    "not there": Row(READ, says(404, {"message": "Not Found"}), AnswerKind.NOT_FOUND),
    "not there to write": Row(WRITE, says(404, {"message": "Not Found"}), AnswerKind.PERMISSION),
    "gone": Row(WRITE, says(410, {"message": "Issues are disabled"}), AnswerKind.REFUSED),
    "conflict": Row(WRITE, says(409, {"message": "x"}), AnswerKind.REFUSED),
    "bad request": Row(WRITE, says(400, {"message": "x"}), AnswerKind.REFUSED),
    "bad request, null": Row(WRITE, says(400, {"message": None}), AnswerKind.REFUSED),
    "method": Row(WRITE, says(405, {"message": "x"}), AnswerKind.REFUSED),
    "media type": Row(WRITE, says(415, {"message": "x"}), AnswerKind.REFUSED),
    "for legal reasons": Row(READ, says(451, {"message": "x"}), AnswerKind.REFUSED),
    "a list of errors": Row(WRITE, says(400, ["x"]), AnswerKind.REFUSED),
    "a word": Row(WRITE, says(422, '"no"'), AnswerKind.REFUSED),
    "a proxy refuses": Row(WRITE, says(403, "<html>blocked</html>"), AnswerKind.REFUSED),
    "too large": Row(DIFF, says(406, TOO_LARGE), AnswerKind.TOO_LARGE),
    "not acceptable": Row(DIFF, says(406, {"message": "x"}), AnswerKind.REFUSED),
    "not valid": Row(WRITE, says(422, {"message": "Unprocessable"}), AnswerKind.VALIDATION),
    "bad gateway": Row(WRITE, says(502, "<html>"), AnswerKind.TRANSIENT, UNKNOWN),
    "busy": Row(WRITE, says(503, {}, retry_after="3"), AnswerKind.TRANSIENT, UNKNOWN, 3),
    "the line broke": Row(WRITE, lost("network"), AnswerKind.TRANSIENT, UNKNOWN),
    "too late": Row(WRITE, lost("deadline"), AnswerKind.TRANSIENT, UNKNOWN),
    "never sent": Row(WRITE, lost("unsent"), AnswerKind.TRANSIENT, NO),
    "the library": Row(WRITE, lost("library"), AnswerKind.STUMBLED, UNKNOWN),
    "the library at a read": Row(READ, lost("library"), AnswerKind.STUMBLED),
    "data": Row(QUERY, says(200, {"data": {"viewer": {}}}), AnswerKind.OK),
    "changed by GraphQL": Row(MUTATION, says(200, {"data": {}}), AnswerKind.OK, YES),
    "no data": Row(MUTATION, says(200, {"data": None}), AnswerKind.GARBAGE, UNKNOWN),
    "forbidden by GraphQL": Row(
        MUTATION, says(200, {"errors": [{"type": "FORBIDDEN"}]}), AnswerKind.PERMISSION
    ),
    "limited by GraphQL": Row(
        MUTATION, says(200, {"errors": [{"type": "RATE_LIMITED"}]}), AnswerKind.RATE, NO, 60
    ),
    "GraphQL went wrong": Row(
        MUTATION,
        says(200, {"data": None, "errors": [{"message": "Something went wrong"}]}),
        AnswerKind.TRANSIENT,
        UNKNOWN,
    ),
    "GraphQL makes no sense": Row(
        MUTATION, says(200, {"errors": "x"}), AnswerKind.GARBAGE, UNKNOWN
    ),
}


@pytest.mark.feature("G26")
@pytest.mark.parametrize("name", ROWS)
def test_every_answer_has_its_own_kind_and_effect(name: str) -> None:
    row = ROWS[name]
    found = meaning_of(row.call, row.answer)
    assert (found.kind, found.effect, found.wait) == (row.kind, row.effect, row.wait)


@pytest.mark.feature("G03")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html; charset=utf-8", "<html>sign in</html>"),
        ("application/json", '{"message": "x"}'),
        ("application/vnd.github+json", "[]"),
        ("", "diff --git a/a b/a\n"),
        ("text/plain", "From 1234 Mon Sep 17\n--- a/evil.py\n+++ b/evil.py\n"),
        ("application/vnd.github.patch; charset=utf-8", "From 12\n\ndiff --git a/a b/a\n"),
    ],
)
def test_what_only_parses_as_an_empty_diff_is_none(kind: str, text: str) -> None:
    answer = Answer(status=200, headers={"content-type": kind}, text=text)
    assert meaning_of(DIFF, answer).kind is AnswerKind.GARBAGE


@pytest.mark.parametrize("kind", ["application/vnd.github.diff; charset=utf-8", "text/plain"])
def test_a_diff_is_its_text(kind: str) -> None:
    text = "diff --git a/a b/a\n"
    answer = Answer(status=200, headers={"content-type": kind}, text=text)
    assert meaning_of(DIFF, answer).value == text


def test_a_refusal_keeps_its_words_on_one_line_and_its_json() -> None:
    said = {"message": "no\n::error::x\x1b[1m", "errors": ["Can not approve"]}
    found = meaning_of(WRITE, says(422, said))
    assert (found.said, found.value) == ("422 no?::error::x?[1m", said)


@given(
    st.sampled_from([READ, LIST, WRITE, DIFF, QUERY, MUTATION, delete("/x")]),
    st.integers(100, 700),
    st.dictionaries(
        st.sampled_from(
            ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date", "location"]
        ),
        st.text(max_size=20) | st.sampled_from(["0", DATE, "9" * 12, "9" * 400, "-1"]),
    ),
    st.text(max_size=20)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "message", "errors", "data", "type"]), inner)
        ),
    ).map(json.dumps),
)
def test_whatever_comes_has_a_kind_and_only_refusals_and_successes_are_sure(
    call: Call, status: int, headers: dict[str, str], text: str
) -> None:
    found = meaning_of(call, Answer(status=status, headers=headers, text=text))
    if not call.writes:
        assert found.effect is NO
    elif found.effect is YES:
        assert 200 <= status < 300
    elif found.effect is NO:
        assert 300 <= status < 500 or call is MUTATION
    assert found.wait is None or 0 <= found.wait <= 10**12
    assert found.said.isprintable()
