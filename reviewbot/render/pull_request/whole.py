"""Texts about a whole review: the sticky summary, the review's own body, and the full account."""

from reviewbot.render.pull_request import sections
from reviewbot.render.pull_request.findings import tables
from reviewbot.render.pull_request.fitting import fitted, part
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import counted, headline
from reviewbot.review.publishing.situation import introduced
from reviewbot.review.publishing.words import ROOM, Telling
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report

_COMMENTED = frozenset({"inline", "cause", "standing", "file"})
_NEW_ON_LINES = frozenset({"inline", "cause"})


def summary(telling: Telling) -> str:
    """The verdict, what stands in no comment, what was not reviewed, and what ran."""
    report, links = telling.report, Links.of(telling.pull)
    rows = introduced(report)
    elsewhere = frozenset(each.id for each in rows if telling.places[each.id] in _COMMENTED)
    left = [each for each in rows if each.id not in elsewhere]
    head = (
        *sections.opening(report, telling.event),
        part("", _reviewed(telling, links)),
        *sections.reasons(report, telling.notes),
    )
    found = (*tables(left, report, links, elsewhere=elsewhere), *sections.commented(len(elsewhere)))
    tail = (*sections.gaps(report), *sections.nodes(report))
    return fitted(head, found, tail, ROOM)


def _reviewed(telling: Telling, links: Links) -> str:
    """What was compared, and what came since the last time."""
    told = sections.compared(telling.report, links)
    if not telling.since or telling.fresh is None:
        return f"{told}."
    new = f"{telling.fresh} new" if telling.fresh else "nothing new"
    return f"{told}; {new} since {links.commit(telling.since)}."


def review(telling: Telling) -> str:
    """A few lines: the summary says the rest."""
    head = [part(f"**{headline(telling.report, telling.event)}**")]
    if telling.event != "COMMENT":
        head.extend(sections.reasons(telling.report))
    if telling.comments:
        head.append(part("", f"{counted(telling.comments, 'new comment')} on the lines below."))
    return fitted(head, (), (), ROOM)


def whole_review(telling: Telling) -> str:
    """The same with the findings that its comments would have told."""
    report, links = telling.report, Links.of(telling.pull)
    rows = introduced(report)
    inline = [each for each in rows if telling.places[each.id] in _NEW_ON_LINES]
    head = (part(f"**{headline(report, telling.event)}**"), *sections.reasons(report))
    return fitted(head, tables(inline, report, links, elsewhere=frozenset()), (), ROOM)


def full(report: Report, pull: PullRequest | None, room: int) -> str:
    """Everything that was introduced, whatever was said elsewhere.

    Args:
        report: what was found and what follows.
        pull: links lead to its head; None makes none.
        room: the limit in UTF-8 bytes.
    """
    links = Links.of(pull)
    head = (
        *sections.opening(report),
        part("", f"{sections.compared(report, links)}."),
        *sections.reasons(report),
    )
    found = tables(introduced(report), report, links, elsewhere=frozenset())
    return fitted(head, found, (*sections.gaps(report), *sections.nodes(report)), room)
