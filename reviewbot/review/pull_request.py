"""The pull request under review: where it comes from, where it goes, and in which state it is."""

from dataclasses import dataclass
from typing import Final

HOLD: Final = "reviewbot:hold"
"""The label that lets nothing be written until somebody takes it off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A snapshot; it is read again before every verdict, because a pull request lives.

    Attributes:
        repository: ``owner/name`` of the repository it goes to, as the forge spells it now.
        repository_id: its number, which survives a rename.
        number: of the pull request.
        head: commit under review; never the merge commit.
        base: tip of the branch it goes to; the review compares with the merge base.
        head_repository_id: None when the fork was deleted.
        author_id: compare ids, not logins.
        changed_files: as the forge counts them; a diff with fewer files is incomplete.
        clone_url: of the repository it goes to, where the head is ``refs/pull/<number>/head``.
        url: for people.
        labels: names of all its labels, whoever set them.
    """

    repository: str
    repository_id: int
    number: int
    head: str
    head_ref: str
    head_repository_id: int | None
    base: str
    base_ref: str
    author: str
    author_id: int
    changed_files: int
    clone_url: str
    url: str
    open: bool = True
    draft: bool = False
    merged: bool = False
    locked: bool = False
    author_is_bot: bool = False
    labels: tuple[str, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether somebody wants nothing to be written for now."""
        return HOLD in self.labels

    @property
    def is_fork(self) -> bool:
        """Whether the head lives in another repository, or in one that is gone."""
        return self.head_repository_id != self.repository_id
