"""How large a diff may be before GitHub refuses to give it as text."""

from collections.abc import Sequence

from tests.fakes.github.patch import FilePatch
from tests.fakes.github.values import Refusal

_MOST_FILES = 300
_MOST_LINES = 20_000
_MOST_BYTES = 1_000_000
_ADVICE = "Consider using 'List pull requests files' API or locally cloning the repository instead."


def not_too_large(patches: Sequence[FilePatch], text: bytes) -> None:
    """Refuse with 406 what is above the limits."""
    lines = text.count(b"\n")
    if len(patches) > _MOST_FILES:
        raise _too_large(f"number of files ({_MOST_FILES})")
    if lines > _MOST_LINES:
        raise _too_large(f"number of lines ({_MOST_LINES})")
    if len(text) > _MOST_BYTES:
        raise _too_large(f"size ({_MOST_BYTES} bytes)")


def _too_large(what: str) -> Refusal:
    return Refusal(
        406,
        f"Sorry, the diff exceeded the maximum {what}. {_ADVICE}",
        errors=[{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
        documentation="https://docs.github.com/rest/pulls/pulls#list-pull-requests-files",
    )
