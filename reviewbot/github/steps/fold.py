"""Folding what we wrote, which is called minimising in GraphQL; REST has no way to do it."""

from collections.abc import Mapping
from typing import Literal

from reviewbot.github.call import Call, graphql
from reviewbot.github.desk import Desk
from reviewbot.github.mutation import mutation
from reviewbot.github.written import Change, Written
from reviewbot.review.actions import FoldReview, Receipt

Classifier = Literal["RESOLVED", "OUTDATED", "DUPLICATE"]

_FOLD = """mutation($input: MinimizeCommentInput!) {
  minimizeComment(input: $input) { minimizedComment { isMinimized } }
}"""
_UNFOLD = """mutation($input: UnminimizeCommentInput!) {
  unminimizeComment(input: $input) { unminimizedComment { isMinimized } }
}"""
_FOLDED = """query($id: ID!) { node(id: $id) { ... on Minimizable { isMinimized } } }"""


async def fold_review(desk: Desk, step: FoldReview) -> Receipt:
    """Fold a review that repeats another."""
    return desk.receipt(step, await folded_once(desk, step.node_id, "DUPLICATE"))


async def folded_once(desk: Desk, node_id: str, classifier: Classifier) -> Written:
    """Minimise an item, unless an earlier run did: asking costs nothing, doing it again a write."""
    if await _is_folded(desk, node_id):
        return Written(how="stood")
    return await folded(desk, node_id, classifier)


async def folded(desk: Desk, node_id: str, classifier: Classifier) -> Written:
    """Minimise an item."""
    call = mutation(_FOLD, {"subjectId": node_id, "classifier": classifier})
    return await _brought(desk, node_id, call, wanted=True)


async def unfolded(desk: Desk, node_id: str) -> Written:
    """Show a minimised item again."""
    return await _brought(desk, node_id, mutation(_UNFOLD, {"subjectId": node_id}), wanted=False)


async def _is_folded(desk: Desk, node_id: str) -> bool | None:
    """Whether it is minimised; None when that cannot be read."""
    meaning = await desk.reader.ask(graphql(_FOLDED, id=node_id))
    data = meaning.value.get("data") if isinstance(meaning.value, Mapping) else None
    node = data.get("node") if isinstance(data, Mapping) else None
    found = node.get("isMinimized") if isinstance(node, Mapping) else None
    return found if isinstance(found, bool) else None


async def _brought(desk: Desk, node_id: str, call: Call, *, wanted: bool) -> Written:
    async def stands() -> bool:  # what cannot be read is asked for again: that harms nothing
        return await _is_folded(desk, node_id) is wanted

    kind = "fold" if wanted else "unfold"
    return await desk.writer.change(Change(kind=kind, key=node_id, call=call, stands=stands))
