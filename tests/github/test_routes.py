"""Every refusal of a review has its way on, and the ways end."""

import json

import pytest

from reviewbot.github.answer import Answer
from reviewbot.github.call import post
from reviewbot.github.classify import meaning_of
from reviewbot.github.routes import (
    Form,
    Refusal,
    body_of,
    first_form,
    next_form,
    refusal_of,
)
from reviewbot.review.actions import Anchor, Event, InlineComment, SubmitReview
from tests.fakes.forge.publication import review

TEXTS = [
    ("Can not approve your own pull request", Refusal.OWN),
    ("Review Can not request changes on your own pull request", Refusal.OWN),
    ("GitHub Actions is not permitted to approve pull requests.", Refusal.APPROVAL),
    ("Body is too long (maximum is 65536 characters)", Refusal.LENGTH),
    ("User can only have one pending review per pull request", Refusal.PENDING),
    ("Pull request review thread line must be part of the diff", Refusal.OTHER),
    ("Line could not be resolved", Refusal.OTHER),
    ("words GitHub has never used", Refusal.OTHER),
]


@pytest.mark.parametrize(("text", "blamed"), TEXTS)
@pytest.mark.parametrize("place", ["message", "errors", "error objects"])
def test_the_words_are_found_wherever_they_stand(text: str, blamed: Refusal, place: str) -> None:
    said = {
        "message": {"message": text},
        "errors": {"message": "Unprocessable Entity", "errors": [text]},
        "error objects": {"message": "Validation Failed", "errors": [{"message": text}]},
    }[place]
    answer = Answer(status=422, text=json.dumps(said))
    assert refusal_of(meaning_of(post("/x", {}), answer)) is blamed


@pytest.mark.parametrize(
    ("form", "refusal", "expected"),
    [
        (Form(event="APPROVE"), Refusal.OWN, Form(event="COMMENT")),
        (Form(event="APPROVE"), Refusal.APPROVAL, Form(event="COMMENT")),
        (Form(event="COMMENT"), Refusal.APPROVAL, None),
        (Form(event="COMMENT"), Refusal.LENGTH, Form(event="COMMENT", short=True)),
        (Form(event="APPROVE"), Refusal.OTHER, Form(event="APPROVE", inline=False)),
        (Form(event="APPROVE", inline=False), Refusal.OTHER, Form(event="COMMENT", inline=False)),
        (Form(event="COMMENT", inline=False), Refusal.OTHER, None),
        (Form(event="COMMENT"), Refusal.PENDING, None),
    ],
)
def test_the_table_of_ways(form: Form, refusal: Refusal, expected: Form | None) -> None:
    found = next_form(form, refusal)
    assert (None if found is None else found[0]) == expected


@pytest.mark.feature("R08")
def test_the_switch_is_named() -> None:
    found = next_form(Form(event="APPROVE"), Refusal.APPROVAL)
    assert found is not None
    assert "Allow GitHub Actions to create and approve pull requests" in found[1]


@pytest.mark.parametrize("event", ["APPROVE", "REQUEST_CHANGES", "COMMENT"])
def test_what_is_known_to_be_refused_is_not_asked_for(event: Event) -> None:
    form, said = first_form(review(event), is_own=True)
    assert form.event == "COMMENT"
    assert bool(said) is (event != "COMMENT")
    assert first_form(review(event), is_own=False) == (Form(event=event), "")


def test_a_review_without_comments_has_no_anchors_to_be_refused() -> None:
    form, _ = first_form(review("APPROVE", {}), is_own=False)
    assert next_form(form, Refusal.OTHER) == (
        Form(event="COMMENT", inline=False),
        "the verdict was refused: said as a comment",
    )


def anchored(anchor: Anchor) -> dict[str, object]:
    comment = InlineComment(key="k", anchor=anchor, body="words")
    step = SubmitReview(
        key="k", event="COMMENT", commit="a" * 40, body="b", whole_body="w", comments=(comment,)
    )
    comments = body_of(step, Form(event="COMMENT"))["comments"]
    assert isinstance(comments, list)
    found = comments[0]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("start", "keys"),
    [(None, set()), (5, set()), (6, set()), (4, {"start_line", "start_side"})],
)
def test_a_range_is_sent_only_when_it_is_one(start: int | None, keys: set[str]) -> None:
    sent = anchored(Anchor(path="a.py", line=5, side="LEFT", start_line=start))
    assert set(sent) == {"path", "line", "side", "body"} | keys
    assert sent["side"] == "LEFT"
