"""Findings about secrets must not carry the secret on."""

import re
from dataclasses import replace

from reviewbot.review.finding import Finding

_LITERAL = re.compile(r"(?P<quote>['\"])(?:(?!(?P=quote)).){3,}(?P=quote)")
_LONG_WORD = re.compile(r"[\w+/=.:@-]{12,}")
_HIDDEN = "***"


def without_secret(finding: Finding) -> Finding:
    """The same finding with every literal and long word of its source lines blanked.

    Its source goes into reports, logs and prompts, which live longer and travel further than the
    change. Both sides are blanked alike, so that they still match.
    """
    return replace(finding, source=_blank(finding.source), text=_blank(finding.text))


def _blank(text: str) -> str:
    return _LONG_WORD.sub(_HIDDEN, _LITERAL.sub(rf"\g<quote>{_HIDDEN}\g<quote>", text))
