"""What a bad answer to a read is for the reader: whose turn it is, and what to set where."""

import re
from collections.abc import Mapping

from reviewbot.errors import ForgeAway, ForgeBusy, ForgeGarbled, ForgeRefused, ReviewbotError
from reviewbot.github.call import Call
from reviewbot.github.meaning import AnswerKind, Meaning

_PERMISSION = re.compile(r"([a-z_]{1,40})=(read|write|admin)", re.ASCII)
_LATER = "run it again later"

_FAILURES: Mapping[AnswerKind, tuple[type[ReviewbotError], str]] = {
    AnswerKind.AUTH: (ForgeRefused, "the token is wrong or expired: set GITHUB_TOKEN"),
    AnswerKind.NOT_FOUND: (ForgeRefused, "the address is wrong, or the token may not see it"),
    AnswerKind.REFUSED: (ForgeRefused, ""),
    AnswerKind.VALIDATION: (ForgeRefused, ""),
    AnswerKind.TOO_LARGE: (ForgeRefused, ""),
    AnswerKind.TRANSIENT: (ForgeAway, _LATER),
    AnswerKind.STUMBLED: (ForgeAway, _LATER),
    AnswerKind.NOT_READY: (ForgeAway, _LATER),
    AnswerKind.MOVED: (ForgeGarbled, "it moved, and not to a place on the same host"),
    AnswerKind.GARBAGE: (ForgeGarbled, "is this the API of GitHub?"),
}


def failure_of(call: Call, meaning: Meaning) -> ReviewbotError:
    """The error that a bad answer to a read is."""
    what = f"{call.verb} {call.path.partition('?')[0]}: {meaning.said}"
    if meaning.kind is AnswerKind.PERMISSION:
        return ForgeRefused(what, hint=permission_hint(meaning))
    if meaning.kind is AnswerKind.RATE:
        return ForgeBusy(what, hint=f"come back in {meaning.wait or 0:.0f} seconds")
    kind, hint = _FAILURES[meaning.kind]
    return kind(what, hint=hint)


def missing_permissions(meaning: Meaning) -> str:
    """What the refused endpoint accepts, as a workflow spells it: ``pull-requests: write``.

    GitHub separates what is needed together by commas and what would also do by semicolons
    (header ``X-Accepted-GitHub-Permissions``); the first choice is named. Empty when it says none.
    """
    first = meaning.permissions.partition(";")[0]
    found = _PERMISSION.findall(first)
    return ", ".join(f"{name.replace('_', '-')}: {level}" for name, level in found)


def permission_hint(meaning: Meaning) -> str:
    """One line: what to set, and where."""
    missing = missing_permissions(meaning)
    if not missing:
        return "give the token access to this repository and to what it is to do there"
    return f"add `{missing}` to `permissions:` of the job; a token for a fork never gets more"
