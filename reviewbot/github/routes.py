"""Refused: which other form of the same review may be taken? A table.

GitHub's words choose the way where a status alone says too little (all of these are 422); words it
has never used lead down the same ways, in the order of the table.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from reviewbot.github.meaning import AnswerKind, Meaning
from reviewbot.github.shorten import shortened
from reviewbot.review.actions import Event, InlineComment, SubmitReview

SWITCH = "Settings → Actions → General → “Allow GitHub Actions to create and approve pull requests”"


class Refusal(Enum):
    """What is to blame."""

    OWN = "an own pull request"
    APPROVAL = "the switch for approvals"
    LENGTH = "the length"
    PENDING = "an unsubmitted review"
    PERMISSION = "a permission"
    OTHER = "nobody knows"


_WORDS: Mapping[str, Refusal] = {
    "your own pull request": Refusal.OWN,
    "not permitted to approve": Refusal.APPROVAL,
    "is too long": Refusal.LENGTH,
    "one pending review": Refusal.PENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a review is said.

    Attributes:
        event: what it does.
        inline: whether comments stand on lines; else all of it stands in the body.
        short: whether its body was cut once more.
    """

    event: Event
    inline: bool = True
    short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way on.

    Attributes:
        after: the refusals it is for.
        form: the next form; the same one when this way was gone already.
        says: one line for the reader.
    """

    after: frozenset[Refusal]
    form: Callable[[Form], Form]
    says: str


def _comment(form: Form) -> Form:
    return replace(form, event="COMMENT")


def _whole(form: Form) -> Form:
    return replace(form, inline=False)


def _short(form: Form) -> Form:
    return replace(form, short=True)


ROUTES = (
    Route(
        after=frozenset({Refusal.OWN}),
        form=_comment,
        says="nobody approves or blocks an own pull request: said as a comment",
    ),
    Route(
        after=frozenset({Refusal.APPROVAL}),
        form=_comment,
        says=f"not permitted to approve: said as a comment; the switch is {SWITCH}",
    ),
    Route(
        after=frozenset({Refusal.LENGTH}),
        form=_short,
        says="too long for GitHub: cut, the rest stands in the job summary",
    ),
    Route(
        after=frozenset({Refusal.OTHER, Refusal.LENGTH}),
        form=_whole,
        says="anchors refused: all comments stand in the body",
    ),
    Route(
        after=frozenset({Refusal.OTHER, Refusal.PERMISSION}),
        form=_comment,
        says="the verdict was refused: said as a comment",
    ),
)
"""In the order in which they are tried."""


def refusal_of(meaning: Meaning) -> Refusal:
    """What a refusal blames; OTHER when its words are none that we know."""
    if meaning.kind is AnswerKind.PERMISSION:
        return Refusal.PERMISSION
    said = json.dumps(meaning.value).lower() if isinstance(meaning.value, dict) else ""
    known = (refusal for words, refusal in _WORDS.items() if words in said)
    return next(known, Refusal.OTHER)


def next_form(form: Form, refusal: Refusal) -> tuple[Form, str] | None:
    """The next form of a review and what to say of it, or None when there is no other."""
    for route in ROUTES:
        if refusal in route.after and (other := route.form(form)) != form:
            return other, route.says
    return None


def first_form(step: SubmitReview, *, is_own: bool) -> tuple[Form, str]:
    """The form to begin with: what is known to be refused is not asked for."""
    form = Form(event=step.event, inline=bool(step.comments))
    if is_own and step.event != "COMMENT":
        return next_form(form, Refusal.OWN) or (form, "")
    return form, ""


def body_of(step: SubmitReview, form: Form) -> dict[str, object]:
    """The body of the request: ``position`` is never sent, ``side`` always."""
    said = step.body if form.inline or not step.comments else step.whole_body
    return {
        "commit_id": step.commit,
        "event": form.event,
        "body": shortened(said) if form.short else said,
        "comments": [_comment_body(each) for each in step.comments] if form.inline else [],
    }


def _comment_body(comment: InlineComment) -> dict[str, object]:
    anchor = comment.anchor
    start = (
        {"start_line": anchor.start_line, "start_side": anchor.side}
        if anchor.start_line is not None and anchor.start_line < anchor.line
        else {}
    )
    return {
        "path": anchor.path,
        "line": anchor.line,
        "side": anchor.side,
        "body": comment.body,
        **start,
    }
