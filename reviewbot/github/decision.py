"""What an event asks for, as values."""

from dataclasses import dataclass

from reviewbot.review.pull_request import PullRequest

_USAGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """Review a pull request.

    Attributes:
        repository: ``owner/name``.
        number: of the pull request.
        pull: as the event describes it, so that no token is needed to begin; None when only its
            number is known. Its head is the commit to look at, never ``GITHUB_SHA``: that is a
            merge commit, whose line numbers are others.
        quiet: why nothing is to be written on it, or an empty string.
        sender: who caused the event, or an empty string.
        sender_is_bot: whether that was an App or Actions.
    """

    repository: str
    number: int
    pull: PullRequest | None = None
    quiet: str = ""
    sender: str = ""
    sender_is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """Review a range of commits for the merge queue: the exit code is the answer."""

    repository: str
    base: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Publish what another run of a workflow found; whose it is, is for the API to say."""

    repository: str
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """We must not, or cannot, do anything under this event."""

    reason: str
    hint: str = ""
    exit: int = _USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """There is nothing to do, and that is fine."""

    reason: str


Decision = Reviewing | Checking | Publishing | Refused | Ignored
