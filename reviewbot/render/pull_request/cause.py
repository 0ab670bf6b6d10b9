"""What one line of the change causes elsewhere, in one comment on that line."""

from collections.abc import Iterator, Sequence

from reviewbot.render.inert import clipped, code
from reviewbot.render.pull_request.comment import advice
from reviewbot.render.pull_request.findings import HEADER, entry
from reviewbot.render.pull_request.fitting import Part, fitted, part
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import ICONS, counted
from reviewbot.review.bindings import STAR
from reviewbot.review.publishing.words import ROOM
from reviewbot.review.rows import FindingRow

_MOST_OPEN = 10
_NAMED = 3


def cause(rows: Sequence[FindingRow], links: Links, *, unseen: int, came_back: bool) -> str:
    """A sentence, then each finding with its place; many are folded."""
    is_folded = len(rows) > _MOST_OPEN
    head = [part(f"{ICONS[rows[0].severity]} **{_sentence(rows)}**")]
    if came_back:
        head.append(part("", f"It was gone, and is back in {links.commit(links.head)}."))
    fold = ("", f"<details><summary>Findings ({len(rows)})</summary>") if is_folded else ()
    head.append(part(*fold, "", *HEADER))
    listed = (entry(each, links, in_group=True) for each in rows)
    return fitted(head, listed, _tail(rows, links, unseen, is_folded=is_folded), ROOM)


def _tail(
    rows: Sequence[FindingRow], links: Links, unseen: int, *, is_folded: bool
) -> Iterator[Part]:
    if is_folded:
        yield part("", "</details>")
    if unseen:
        more, them = counted(unseen, "more finding"), "it" if unseen == 1 else "them"
        yield part(
            "", f"{more} stood here; nobody looked for {them} in {links.commit(links.head)}."
        )
    if len(rows) == 1:
        yield from (part("", each) for each in advice(rows[0]))


def _sentence(rows: Sequence[FindingRow]) -> str:
    """What changed, and how much it causes."""
    names = dict.fromkeys(each.cause.symbol for each in rows if each.cause and each.cause.symbol)
    shown = ["a star import" if each == STAR else code(clipped(each, 80)) for each in names]
    more = " and more" if len(shown) > _NAMED else ""
    what = f"The change of {', '.join(shown[:_NAMED])}{more}" if shown else "This change"
    files = len({each.path for each in rows})
    return f"{what} causes {counted(len(rows), 'finding')} in {counted(files, 'file')}"
