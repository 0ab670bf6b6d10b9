"""What the event that started us asks for, as a value; nothing here touches the world."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import ValidationError

from reviewbot.errors import UsageError
from reviewbot.github.address import parse_address
from reviewbot.github.decision import (
    Checking,
    Decision,
    Ignored,
    Publishing,
    Refused,
    Reviewing,
)
from reviewbot.github.payload import (
    CommentEvent,
    DispatchEvent,
    MergeGroupEvent,
    PullRequestEvent,
    WorkflowRunEvent,
)
from reviewbot.github.snapshot import Account, complaint
from reviewbot.review.pull_request import HOLD

Mode = Literal["auto", "analyze", "publish"]

PULL_REQUEST_INPUT = "pull-request"
"""The input of a workflow started by hand that names the pull request."""

_CHANGED = frozenset({"opened", "reopened", "ready_for_review", "synchronize"})
_NO_RESULT = frozenset({"cancelled", "skipped", "action_required", "stale", "startup_failure"})
_TWO_WORKFLOWS = (
    "analyse under pull_request without secrets, and publish from a second workflow under"
    " workflow_run: the README shows both files"
)


def decide(event: str, payload: object, *, mode: Mode = "auto") -> Decision:
    """What to do.

    Args:
        event: the name of the event (``GITHUB_EVENT_NAME``).
        payload: its JSON (the file at ``GITHUB_EVENT_PATH``).
        mode: which half is asked for; ``auto`` takes the one that the event allows.
    """
    read = _EVENTS.get(event)
    if read is None:
        reason = f"a run that was started by {event or 'nothing'} has no pull request to review"
        return Refused(reason=reason, hint="use on: pull_request")
    refused = _misplaced(event, mode)
    if refused is not None:
        return refused
    try:
        return read(payload)
    except ValidationError as error:
        reason = f"the {event} event is not what GitHub documents: {complaint(error)}"
        return Refused(reason=reason)


def _misplaced(event: str, mode: Mode) -> Refused | None:
    """Why the half that is asked for does not belong under this event, if so."""
    if event == "workflow_run" and mode == "analyze":
        return _privileged(event)
    if event == "pull_request_target":
        return _privileged(event)
    if mode == "publish" and event != "workflow_run":
        reason = f"mode publish belongs under workflow_run, and this run was started by {event}"
        return Refused(reason=reason, hint=_TWO_WORKFLOWS)
    return None


def _privileged(event: str) -> Refused:
    """Such a run has a token that may write, and secrets: a stranger's code stays out of it."""
    return Refused(reason=f"code is not analysed under {event}", hint=_TWO_WORKFLOWS)


def _pull_request(payload: object) -> Decision:
    said = PullRequestEvent.model_validate(payload)
    retargeted = said.action == "edited" and "base" in said.changes
    released = said.action == "unlabeled" and said.label is not None and said.label.name == HOLD
    if said.action not in _CHANGED and not retargeted and not released:
        return Ignored(reason=f"{said.action} does not change what there is to review")
    pull = said.pull_request.value()
    if not pull.open:
        return Ignored(reason=f"pull request {pull.number} is closed")
    return Reviewing(
        repository=pull.repository,
        number=pull.number,
        pull=pull,
        quiet="it is a draft" if pull.draft else "",
        sender="" if said.sender is None else said.sender.login,
        sender_is_bot=_is_bot(said.sender),
    )


def _merge_group(payload: object) -> Decision:
    said = MergeGroupEvent.model_validate(payload)
    if said.action != "checks_requested":
        return Ignored(reason=f"the merge queue says {said.action}")
    group = said.merge_group
    return Checking(repository=said.repository.full_name, base=group.base_sha, head=group.head_sha)


def _workflow_run(payload: object) -> Decision:
    said = WorkflowRunEvent.model_validate(payload)
    run = said.workflow_run
    if said.action != "completed":
        return Ignored(reason=f"run {run.id} is {said.action}, not completed")
    if run.event != "pull_request":
        return Ignored(reason=f"run {run.id} was started by {run.event}, not by a pull request")
    if run.conclusion in _NO_RESULT:
        return Ignored(reason=f"run {run.id} ended {run.conclusion}: it found nothing out")
    return Publishing(repository=said.repository.full_name, run=run.id)


def _workflow_dispatch(payload: object) -> Decision:
    said = DispatchEvent.model_validate(payload)
    repository = said.repository.full_name
    try:
        meant = parse_address(_named(said, repository))
    except UsageError as error:
        reason = f"the input {PULL_REQUEST_INPUT}: {error.message}"
        return Refused(reason=reason, hint="give the number of a pull request")
    if meant.repository.lower() != repository.lower():
        reason = f"pull requests of {meant.repository} are none of {repository}"
        return Refused(reason=reason, hint="start the workflow over there")
    return Reviewing(
        repository=repository,
        number=meant.number,
        sender="" if said.sender is None else said.sender.login,
        sender_is_bot=_is_bot(said.sender),
    )


def _named(said: DispatchEvent, repository: str) -> str:
    """The address in the input; a number alone is one of this repository."""
    value = (said.inputs or {}).get(PULL_REQUEST_INPUT)
    given = value.strip().removeprefix("#") if isinstance(value, str) else ""
    return f"{repository}#{given}" if given.isdecimal() else given


def _issue_comment(payload: object) -> Decision:
    said = CommentEvent.model_validate(payload)
    if said.issue.pull_request is None:
        return Ignored(reason=f"issue {said.issue.number} is no pull request")
    if said.action != "created" or _is_bot(said.sender):
        return Ignored(reason=f"a comment was {said.action}, and asks for nothing")
    return _privileged("issue_comment")


def _is_bot(sender: Account | None) -> bool:
    return sender is not None and sender.is_bot


_EVENTS: Mapping[str, Callable[[object], Decision]] = {
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "merge_group": _merge_group,
    "workflow_run": _workflow_run,
    "workflow_dispatch": _workflow_dispatch,
    "issue_comment": _issue_comment,
}
