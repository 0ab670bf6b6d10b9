"""A pull request in GitHub's JSON, from the API or from an event, as a value."""

import re
from typing import Annotated

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reviewbot.errors import ForgeGarbled
from reviewbot.review.pull_request import PullRequest

COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)
"""A commit's id."""

Id = Annotated[int, Ge(1), Le(2**63 - 1)]
Number = Annotated[int, Ge(1), Le(2**31 - 1)]
Count = Annotated[int, Ge(0), Le(2**31 - 1)]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
FullName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$")
]
Ref = Annotated[
    str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00-\x20\x7f]+$")
]
Url = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s<>\"]+$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}(\[bot\])?$")]


class Foreign(BaseModel):
    """A part of GitHub's JSON: keys we do not know are left alone, types are not bent."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Account(Foreign):
    """Who did something."""

    id: Id
    login: Login
    type: Annotated[str, Field(max_length=40)] = "User"

    @property
    def is_bot(self) -> bool:
        """Whether it is an App or Actions."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class RepositoryPart(Foreign):
    """A repository."""

    id: Id
    full_name: FullName


class BaseRepository(RepositoryPart):
    """The repository a pull request goes to."""

    clone_url: Url


class Head(Foreign):
    """Where a pull request comes from; its repository is null when the fork was deleted."""

    sha: Sha
    ref: Ref
    repo: RepositoryPart | None


class Base(Foreign):
    """Where it goes to."""

    sha: Sha
    ref: Ref
    repo: BaseRepository


class Label(Foreign):
    """One label."""

    name: Annotated[str, Field(max_length=200)]


class PullRequestPart(Foreign):
    """A whole pull request; its author is null when the account was deleted."""

    number: Number
    state: Annotated[str, Field(pattern=r"^(open|closed)$")]
    draft: bool = False
    merged: bool = False
    locked: bool = False
    changed_files: Count
    html_url: Url
    user: Account | None
    head: Head
    base: Base
    labels: Annotated[tuple[Label, ...], Field(strict=False)] = ()

    def value(self) -> PullRequest:
        """The same as our own value."""
        user, head, base = self.user, self.head, self.base
        return PullRequest(
            repository=base.repo.full_name,
            repository_id=base.repo.id,
            number=self.number,
            head=head.sha,
            head_ref=head.ref,
            head_repository_id=None if head.repo is None else head.repo.id,
            base=base.sha,
            base_ref=base.ref,
            author="ghost" if user is None else user.login,
            author_id=0 if user is None else user.id,
            author_is_bot=user is not None and user.is_bot,
            changed_files=self.changed_files,
            clone_url=base.repo.clone_url,
            url=self.html_url,
            open=self.state == "open",
            draft=self.draft,
            merged=self.merged,
            locked=self.locked,
            labels=tuple(each.name for each in self.labels),
        )


def parse_pull_request(record: object) -> PullRequest:
    """A pull request from GitHub's JSON.

    Raises:
        ForgeGarbled: something of it is missing or cannot be.
    """
    try:
        return PullRequestPart.model_validate(record).value()
    except ValidationError as error:
        raise ForgeGarbled(f"this is no pull request: {complaint(error)}") from error


def complaint(error: ValidationError) -> str:
    """Where the first thing stands that cannot be, and why; never its value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place or 'the whole'}: {first['msg']}"
