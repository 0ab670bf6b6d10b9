"""The sticky summary and the check run: both tell the whole, and only when it changed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from reviewbot.review.actions import Annotation, Conclusion, WriteCheck, WriteSummary
from reviewbot.review.finding import Severity
from reviewbot.review.publishing.anchors import is_sendable
from reviewbot.review.publishing.causes import memory_of
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.memory import ReviewMemory, SummaryMemory, abridged
from reviewbot.review.publishing.policy import MOST_ANNOTATIONS
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Telling, Words
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow
from reviewbot.review.verdict import Decision

_LEVELS: Mapping[Severity, Literal["notice", "warning", "failure"]] = {
    Severity.NOTE: "notice",
    Severity.WARNING: "warning",
    Severity.ERROR: "failure",
}


def remembered(situation: Situation) -> frozenset[str]:
    """Abridged ids of what earlier summaries and reviews told."""
    posted = situation.posted
    summaries = (SummaryMemory.parse(each.marker.data).told for each in posted.summaries)
    reviews = (
        ReviewMemory.parse(each.marker.data).told
        for each in posted.reviews
        if each.marker is not None and each.state != "PENDING"
    )
    return frozenset().union(*summaries, *reviews)


def lookback(situation: Situation) -> tuple[str, int | None]:
    """The head that was told last, and how many findings were not known then.

    The head is an empty string when it is this one or there was none; the number is None when
    more was known than is remembered.
    """
    summaries = situation.posted.summaries
    if not summaries or summaries[-1].marker.head == situation.pull.head:
        return "", None
    if any(SummaryMemory.parse(each.marker.data).is_full for each in summaries):
        return summaries[-1].marker.head, None
    gone, standing = _ids_in_comments(situation)
    known = remembered(situation) - gone | standing
    fresh = sum(abridged(each.id) not in known for each in situation.introduced)
    return summaries[-1].marker.head, fresh


def _ids_in_comments(situation: Situation) -> tuple[set[str], set[str]]:
    """Abridged ids of what comments were about, and of what they are about."""
    gone, standing = set[str](), set[str]()
    for each in situation.posted.comments:
        memory = memory_of(each)
        if memory is None:
            (gone if each.closed else standing).add(abridged(each.marker.key))
        else:
            gone |= memory.former
            standing |= memory.current
    return gone, standing


def digest(telling: Telling, words: Words) -> str:
    """Of everything that a summary says but for times and what it compares itself with."""
    lasting = replace(telling, report=_timeless(telling.report), fresh=None)
    text = words.summary(lasting)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _timeless(report: Report) -> Report:
    """The report without what differs between two runs that found the same."""
    nodes = tuple(
        replace(
            each,
            started=0.0,
            seconds=0.0,
            status="succeeded" if each.status == "cached" else each.status,
        )
        for each in report.nodes
    )
    return replace(report, nodes=nodes, seconds=0.0, critical_path_seconds=0.0)


def is_told(situation: Situation, current: str) -> bool:
    """Whether one summary stands and says the same; copies that two runs made are to be folded."""
    summaries = situation.posted.summaries
    digests = [SummaryMemory.parse(each.marker.data).digest for each in summaries]
    return digests == [current]


def summary(draft: Draft, current: str) -> WriteSummary:
    """Write the summary, or edit the oldest that stands and fold the others.

    Args:
        draft: what was decided.
        current: the digest of what it says.
    """
    situation, telling = draft.situation, draft.telling
    told = (each.row.id for each in draft.placed if each.place in {"summary", "standing"})
    memory = SummaryMemory.of(current, told)
    marker = draft.marker("summary", situation.key("summary"), memory.data)
    standing = situation.posted.summaries
    return WriteSummary(
        key=marker.key,
        body=draft.byline.signed(marker, draft.words.summary(telling)),
        edits=standing[0].id if standing else None,
        surplus=tuple(each.node_id for each in standing[1:]),
    )


def check(draft: Draft) -> WriteCheck:
    """The check run of the head; it annotates what has no comment on its line."""
    situation = draft.situation
    title, text = draft.words.check(draft.telling)
    return WriteCheck(
        key=situation.key("check", situation.pull.head),
        head=situation.pull.head,
        conclusion=conclusion(situation.report),
        title=title,
        summary=text,
        annotations=tuple(_annotations(draft))[:MOST_ANNOTATIONS],
        edits=situation.posted.check_run,
    )


def conclusion(report: Report) -> Conclusion:
    """An incomplete review is neither a success nor, unless it blocks, a failure."""
    if report.verdict.decision == Decision.REQUEST_CHANGES.value:
        return "failure"
    return "success" if report.verdict.complete else "neutral"


def _annotations(draft: Draft) -> Iterator[Annotation]:
    for each in draft.placed:
        if each.place == "summary" and each.row.line and is_sendable(each.row.path):
            yield _annotation(each.row, each.row.line, draft.words)


def _annotation(row: FindingRow, line: int, words: Words) -> Annotation:
    """A finding as an annotation; the forge's three levels are ours."""
    title, message = words.annotation(row)
    return Annotation(
        path=row.path,
        start_line=line,
        end_line=max(line, row.end_line or line),
        level=_LEVELS[Severity(row.severity)],
        title=title,
        message=message,
    )
