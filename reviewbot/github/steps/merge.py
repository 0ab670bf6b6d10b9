"""Letting the forge merge this very head when all it asks for is there."""

from collections.abc import Mapping

from reviewbot.github.call import get
from reviewbot.github.desk import Desk
from reviewbot.github.mutation import mutation
from reviewbot.github.written import Change, Written, given_up
from reviewbot.review.actions import EnableMerge, Receipt

_ENABLE = """mutation($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { pullRequest { autoMergeRequest { enabledAt } } }
}"""


async def enable_merge(desk: Desk, step: EnableMerge) -> Receipt:
    """Enable auto-merge; GitHub itself compares the head, so that no later push slips in."""
    return desk.receipt(step, await desk.may(now=True) or await _enabled(desk, step.head))


async def _enabled(desk: Desk, head: str) -> Written:
    pull = await _state(desk)
    node_id = "" if pull is None else str(pull.get("node_id") or "")
    if pull is None or not node_id:
        return given_up("it cannot be read whether auto-merge is on", doubt=False)
    if pull.get("auto_merge"):
        return Written(how="stood")

    async def stands() -> bool | None:
        now = await _state(desk)
        return None if now is None else bool(now.get("auto_merge"))

    call = mutation(_ENABLE, {"pullRequestId": node_id, "expectedHeadOid": head})
    return await desk.writer.change(Change(kind="auto-merge", key=head, call=call, stands=stands))


async def _state(desk: Desk) -> Mapping[str, object] | None:
    meaning = await desk.reader.ask(get(desk.pull_path))
    return meaning.value if meaning.ok and isinstance(meaning.value, Mapping) else None
