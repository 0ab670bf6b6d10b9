"""Letting the forge merge this very head when all it asks for is there."""

from collections.abc import Mapping

from reviewbot.github.call import graphql
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import Meaning
from reviewbot.github.written import Change, Written, given_up
from reviewbot.review.actions import EnableMerge, Receipt

_STATE = """query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id headRefOid autoMergeRequest { enabledAt } }
  }
}"""
_ENABLE = """mutation($id: ID!, $head: GitObjectID!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, expectedHeadOid: $head}) {
    pullRequest { autoMergeRequest { enabledAt } }
  }
}"""


async def enable_merge(desk: Desk, step: EnableMerge) -> Receipt:
    """Enable auto-merge; GitHub itself compares the head, so that no later push slips in."""
    return desk.receipt(step, await desk.may(now=True) or await _enabled(desk, step.head))


async def _enabled(desk: Desk, head: str) -> Written:
    pull = await _state(desk)
    if pull is None:
        return given_up("GraphQL does not say whether auto-merge is on", doubt=False)
    if pull.get("headRefOid") != head:
        return Written(how="refused", why="the head moved")
    if pull.get("autoMergeRequest"):
        return Written(how="stood")

    async def stands() -> bool | None:
        now = await _state(desk)
        return None if now is None else bool(now.get("autoMergeRequest"))

    call = graphql(_ENABLE, id=str(pull.get("id")), head=head)
    return await desk.writer.change(Change(kind="auto-merge", key=head, call=call, stands=stands))


async def _state(desk: Desk) -> Mapping[str, object] | None:
    owner, _, name = desk.pull.repository.partition("/")
    call = graphql(_STATE, owner=owner, name=name, number=desk.pull.number)
    return _pull_in(await desk.reader.ask(call))


def _pull_in(meaning: Meaning) -> Mapping[str, object] | None:
    found: object = meaning.value
    for name in ("data", "repository", "pullRequest"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None
