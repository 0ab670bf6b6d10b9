"""The events of GitHub that start us, as far as we read them; unknown keys are left alone."""

from typing import Annotated

from pydantic import Field, StringConstraints

from reviewbot.github.snapshot import (
    Account,
    Foreign,
    Id,
    Label,
    Number,
    PullRequestPart,
    RepositoryPart,
    Sha,
)

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,80}$")]


class Event(Foreign):
    """What every event says."""

    repository: RepositoryPart
    sender: Account | None = None


class PullRequestEvent(Event):
    """``pull_request``; ``changes`` names what an edit changed, ``label`` what came or went."""

    action: Word
    pull_request: PullRequestPart
    changes: dict[str, object] = Field(default_factory=dict)
    label: Label | None = None


class _Run(Foreign):
    id: Id
    event: Word
    conclusion: Word | None


class WorkflowRunEvent(Event):
    """``workflow_run``: another workflow was requested, started or completed."""

    action: Word
    workflow_run: _Run


class _Group(Foreign):
    head_sha: Sha
    base_sha: Sha


class MergeGroupEvent(Event):
    """``merge_group``: the queue asks whether what it would merge is good."""

    action: Word
    merge_group: _Group


class DispatchEvent(Event):
    """``workflow_dispatch``: somebody started the workflow by hand, with inputs or without."""

    inputs: dict[str, object] | None = None


class _Issue(Foreign):
    number: Number
    pull_request: dict[str, object] | None = None


class CommentEvent(Event):
    """``issue_comment``: on an issue or on a pull request, which this event does not describe."""

    action: Word
    issue: _Issue
