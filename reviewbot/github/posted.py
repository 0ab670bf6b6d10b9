"""Everything of ours that stands on a pull request, or word that it could not all be read."""

from pydantic import ValidationError

from reviewbot.github.call import Call, listing
from reviewbot.github.items import Owner
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.pull import repository_path
from reviewbot.github.reading import Pages, Reader
from reviewbot.github.shape import id_in
from reviewbot.review.posted import Posted
from reviewbot.review.pull_request import PullRequest

_NOT_OURS_TO_SEE = frozenset({AnswerKind.PERMISSION, AnswerKind.NOT_FOUND})


async def read_posted(
    reader: Reader,
    pull: PullRequest,
    *,
    own_id: int | None,
    secret: str = "",
    check_key: str = "",
) -> Posted:
    """All of our items, oldest first.

    Args:
        reader: asks GitHub.
        pull: where they stand.
        own_id: see ``read_own_id``; without it nothing can be told to be ours, so the answer is
            incomplete and nothing may be written.
        secret: what markers are signed with, or empty.
        check_key: the ``external_id`` of our check run; empty when none is to be looked for.
    """
    if own_id is None:
        return Posted(complete=False, labels=pull.labels)
    root, number = repository_path(pull.repository), pull.number
    owner = Owner(pull=pull, own_id=own_id, secret=secret)
    reviews = await reader.read_all(listing(f"{root}/pulls/{number}/reviews"))
    comments = await reader.read_all(listing(f"{root}/pulls/{number}/comments"))
    conversation = await reader.read_all(listing(f"{root}/issues/{number}/comments"))
    checks = await _check_runs(reader, pull) if check_key else Pages(items=())
    try:
        return Posted(
            complete=all(map(_is_whole, (reviews, comments, conversation))) and _is_known(checks),
            own_id=own_id,
            reviews=owner.reviews(reviews.items),
            comments=owner.comments(comments.items),
            summaries=owner.summaries(conversation.items),
            check_run=_newest(checks, check_key),
            labels=pull.labels,
        )
    except ValidationError:  # something there is not what it is listed as
        return Posted(complete=False, own_id=own_id, labels=pull.labels)


async def _check_runs(reader: Reader, pull: PullRequest) -> Pages:
    path = f"{repository_path(pull.repository)}/commits/{pull.head}/check-runs"
    call = Call(verb="GET", path=path, params={"per_page": "100"})
    return await reader.read_all(call, under="check_runs")


def _is_whole(pages: Pages) -> bool:
    return pages.complete


def _is_known(checks: Pages) -> bool:
    """Whether the list of check runs says enough: who may not see them can make none either."""
    return checks.complete or checks.kind in _NOT_OURS_TO_SEE


def _newest(pages: Pages, key: str) -> int | None:
    """The newest check run with our key; a name alone may be that of a job of the workflow."""
    found = (id_in(each) for each in pages.items if each.get("external_id") == key)
    return max(filter(None, found), default=None)
