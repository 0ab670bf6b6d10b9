"""What GitHub remembers: plain records in dictionaries, emptied between tests."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tests.fakes.github.repository import BareRepository
from tests.fakes.github.values import Json

ACTIONS_BOT = 41898282


def now() -> str:
    """The time as GitHub writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True, kw_only=True)
class User:
    login: str
    id: int
    type: Literal["User", "Bot"] = "User"


@dataclass(slots=True, kw_only=True)
class Token:
    """Who asks and what they may do.

    Attributes:
        installation: the token of a workflow run or an app; False for a personal one.
        permissions: ``pull_requests`` → ``read`` or ``write``, with GitHub's names.
        everywhere: False for a token that sees no private repository.
    """

    text: str
    user: User
    installation: bool
    permissions: dict[str, str]
    everywhere: bool = True


@dataclass(slots=True, kw_only=True)
class Comment:
    id: int
    issue: int
    user: User
    body: str
    minimized: str | None = None
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass(slots=True, kw_only=True)
class Review:
    id: int
    pull: int
    user: User
    body: str
    state: str
    commit: str
    minimized: str | None = None
    submitted_at: str | None = None


@dataclass(slots=True, kw_only=True)
class ReviewComment:
    """A comment on the diff; without ``line`` it stands on the file."""

    id: int
    pull: int
    review: int
    user: User
    body: str
    path: str
    commit: str
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None
    hunk: str = ""
    reply_to: int | None = None
    minimized: str | None = None
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass(slots=True, kw_only=True)
class CheckRun:
    id: int
    head: str
    name: str
    external_id: str = ""
    details_url: str | None = None
    status: str = "queued"
    conclusion: str | None = None
    started_at: str | None = None
    completed_at: str | None = None
    output: dict[str, str | None] = field(default_factory=dict)
    annotations: list[Json] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Artifact:
    id: int
    run: int
    name: str
    content: bytes
    expired: bool = False


@dataclass(slots=True, kw_only=True)
class WorkflowRun:
    """A run of a workflow; the fork is None when it is gone."""

    id: int
    event: str
    head: str
    head_branch: str
    head_repository: "Fork | None"
    conclusion: str = "success"
    attempt: int = 1
    name: str = "reviewbot-analyze"


@dataclass(slots=True, kw_only=True)
class Fork:
    """The repository a head lives in."""

    id: int
    full_name: str
    owner: User


@dataclass(slots=True, kw_only=True)
class Pull:
    """What only pull requests have.

    Attributes:
        heads: every commit that was the head, the newest last.
        base: tip of the base branch when the head was last pushed.
        head_repository: None when the fork is gone; its owner is not.
        looked_at: how often it was read since; its mergeability is not known at first.
    """

    base_ref: str
    base: str
    head_ref: str
    heads: list[str]
    head_owner: User
    head_repository: Fork | None
    draft: bool = False
    merged: bool = False
    auto_merge: Json | None = None
    looked_at: int = 0

    @property
    def head(self) -> str:
        return self.heads[-1]


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue, or the issue side of a pull request."""

    id: int
    number: int
    title: str
    body: str | None
    user: User
    pull: Pull | None = None
    state: str = "open"
    locked: bool = False
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    transferred_to: str | None = None
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)
    closed_at: str | None = None


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository and all that stands in it.

    Attributes:
        old_names: it was called so before; requests are redirected.
        collaborators: login → ``admin``, ``write`` or ``read``.
        actions_approve: whether the switch that lets Actions approve is on.
    """

    id: int
    full_name: str
    owner: User
    git: BareRepository
    private: bool = True
    has_issues: bool = True
    actions_approve: bool = False
    allow_auto_merge: bool = True
    default_branch: str = "main"
    old_names: list[str] = field(default_factory=list)
    collaborators: dict[str, str] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    review_comments: dict[int, ReviewComment] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    labels: dict[str, Json] = field(default_factory=dict)
    artifacts: dict[int, Artifact] = field(default_factory=dict)
    runs: dict[int, WorkflowRun] = field(default_factory=dict)
    resolved: set[int] = field(default_factory=set)

    def next_number(self) -> int:
        """Issues and pull requests are numbered together."""
        return max(self.issues, default=0) + 1


@dataclass(slots=True, kw_only=True)
class Limits:
    """What GitHub allows; a test makes them small.

    Attributes:
        per_hour: requests of an installation's token; None leaves GitHub's own number.
        points_per_minute: a GET costs 1, a write 5.
        content_per_minute: objects that notify people.
        count_bytes: whether bodies are measured in bytes instead of characters.
    """

    per_hour: int | None = None
    points_per_minute: int = 900
    content_per_minute: int = 80
    content_per_hour: int = 500
    count_bytes: bool = False


@dataclass(slots=True)
class State:
    """Everything, by name or number.

    Attributes:
        used: text of a token → requests of this hour, which began at ``began``.
        points: when, what it cost, and whether it made content.
    """

    limits: Limits = field(default_factory=Limits)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    points: list[tuple[float, int, bool]] = field(default_factory=list)
    began: int = field(default_factory=lambda: int(time.time()))
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(3_000_000_001))

    def next_id(self) -> int:
        """Larger than 32 bits, as GitHub's are."""
        return next(self._ids)

    def user(self, login: str) -> User:
        """The account of that name, made when there is none; ``…[bot]`` makes a bot."""
        if login not in self.users:
            bot = login.endswith("[bot]")
            number = ACTIONS_BOT if login == "github-actions[bot]" else self.next_id()
            self.users[login] = User(login=login, id=number, type="Bot" if bot else "User")
        return self.users[login]

    def at(self, full_name: str) -> Repository | None:
        """The repository of that name, however it is spelled."""
        return self.repositories.get(full_name.lower())

    def named_before(self, full_name: str) -> Repository | None:
        """The repository that had that name once."""
        old = full_name.lower()
        return next(
            (r for r in self.repositories.values() if old in map(str.lower, r.old_names)), None
        )
