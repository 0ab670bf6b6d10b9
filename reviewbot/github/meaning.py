"""What an answer means: its kind, and whether a write may have landed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class AnswerKind(Enum):
    """What to do next depends on this alone."""

    OK = "ok"
    GARBAGE = "not what was asked for"
    NOT_READY = "not ready"
    MOVED = "moved"
    AUTH = "bad credentials"
    RATE = "rate limit"
    PERMISSION = "not permitted"
    NOT_FOUND = "not found"
    REFUSED = "refused"
    TOO_LARGE = "too large"
    VALIDATION = "not valid"
    TRANSIENT = "failed for now"
    STUMBLED = "the client library stumbled"


class Effect(Enum):
    """Whether a write landed; a read has none."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A classified answer.

    Attributes:
        kind: see AnswerKind.
        effect: of a write; NO for a read.
        value: of an OK answer: parsed JSON, the text of a diff, the URL of a ``place``; of a
            refusal its JSON.
        headers: of the answer.
        status: of HTTP, 0 when there was no answer.
        wait: seconds GitHub asks us to wait before we come back, or None.
        permissions: what the refused endpoint accepts, as GitHub lists it
            (``pull_requests=write``), or empty.
        said: one line for the reader: status and GitHub's own words.
    """

    kind: AnswerKind
    effect: Effect
    value: object = None
    headers: Mapping[str, str]
    status: int = 0
    wait: float | None = None
    permissions: str = ""
    said: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is what was asked for."""
        return self.kind is AnswerKind.OK
