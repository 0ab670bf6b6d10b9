"""Findings as tables: those of one cause together, then the others."""

from collections.abc import Iterator, Sequence

from reviewbot.render import wording
from reviewbot.render.inert import clipped, code, message, prose
from reviewbot.render.pull_request.fitting import Part, part
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import ICONS
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow, GroupRow

HEADER = ("| | where | what | by |", "|---|---|---|---|")


def tables(
    rows: Sequence[FindingRow], report: Report, links: Links, *, elsewhere: frozenset[str]
) -> Iterator[Part]:
    """A table for each cause, and one for what stands alone.

    Args:
        rows: the findings to tell.
        report: whose they are.
        links: to the head.
        elsewhere: ids of findings that a comment tells; a cause says how many.
    """
    groups = {each.id: each for each in report.groups}
    alone = [each for each in rows if each.group not in groups]
    for group in report.groups:
        members = [each for each in rows if each.group == group.id]
        if members:
            yield _cause(group, links, len(elsewhere.intersection(group.findings)))
            yield from (entry(each, links, in_group=True) for each in members)
    if alone:
        yield part("", *(() if len(alone) == len(rows) else ("**On their own**", "")), *HEADER)
        yield from (entry(each, links, in_group=False) for each in alone)


def _cause(group: GroupRow, links: Links, commented: int) -> Part:
    where = links.place(group.cause.path, group.cause.line)
    more = f" ({commented} of them in comments)" if commented else ""
    told = f"**{where} · {message(clipped(group.text))}**{more}"
    return part("", told, "", *HEADER)


def entry(row: FindingRow, links: Links, *, in_group: bool) -> Part:
    """A finding as a row of a table; in a group its cause has been told."""
    told = message(clipped(row.message)) or "No message"
    if row.cause is not None and not row.in_diff and not in_group:
        told += f"<br>caused by {links.place(row.cause.path, row.cause.line)}"
    if row.moved_from:
        told += f"<br>{prose(clipped(wording.moved(row)))}"
    where = links.place(row.path, row.line, row.end_line)
    by = code(clipped(f"{row.tool} {row.rule}"))
    return part(f"| {ICONS[row.severity]} | {where} | {told} | {by} |", findings=1)
