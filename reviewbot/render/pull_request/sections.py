"""The parts of a review around its findings: what was decided, what is missing, what ran."""

from collections.abc import Iterable, Iterator

from reviewbot.render import wording
from reviewbot.render.inert import clipped, code, message, prose
from reviewbot.render.picture import picture
from reviewbot.render.pull_request.fitting import Part, part
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import counted, headline, tally
from reviewbot.review.actions import Event
from reviewbot.review.publishing.situation import introduced
from reviewbot.review.report import Report
from reviewbot.review.rows import NodeRow
from reviewbot.review.verdict import Level

_MOST = 20
_REASONS = 10


def opening(report: Report, event: Event | None = None) -> Iterator[Part]:
    """The verdict, then what it rests on."""
    yield part(f"## {headline(report, event)}")
    found = report.counts
    facts = [f"**{tally(introduced(report))}** introduced"]
    if found.fixed:
        facts.append(f"{found.fixed} fixed")
    if found.existing:
        facts.append(f"{found.existing} existing")
    if report.verdict.risk != "low":
        facts.append(f"{report.verdict.risk} risk of a regression")
    if not report.verdict.complete:
        facts.append("the review is **incomplete**")
    yield part("", " · ".join(facts))


def reasons(report: Report, notes: Iterable[str] = ()) -> Iterator[Part]:
    """Why it was decided so; a review that found nothing has said it already."""
    told = () if report.verdict.level == Level.PASS.value else report.verdict.reasons[:_REASONS]
    yield from bullets("", (*told, *notes))


def gaps(report: Report) -> Iterator[Part]:
    """What was not reviewed; what is left out by rule comes folded."""
    lost = [wording.gap(each) for each in report.not_reviewed if each.blocking]
    by_rule = [wording.gap(each) for each in report.not_reviewed if not each.blocking]
    yield from bullets(f"### Not reviewed ({len(lost)})", lost)
    untold = [each for each in report.warnings if not each.startswith(report.verdict.reasons)]
    yield from bullets(f"### Warnings ({len(untold)})", untold)
    if report.tests is not None:
        yield part("", f"**Tests:** {prose(clipped(wording.tests(report.tests)))}")
    yield from _folded(f"Left out by rule ({len(by_rule)})", by_rule)
    yield from _folded(f"Notes ({len(report.notes)})", report.notes)


def nodes(report: Report) -> Iterator[Part]:
    """The table of nodes, folded."""
    if not report.nodes:
        return
    yield part(
        "",
        "<details><summary>What ran</summary>",
        "",
        "| node | status | tries | seconds | by | why |",
        "|---|---|--:|--:|---|---|",
        *map(_node, report.nodes[: 2 * _MOST]),
        "",
        prose(clipped(wording.pace(report))),
        "",
        *picture(report.nodes),
        "",
        "</details>",
    )


def _node(row: NodeRow) -> str:
    by = code(clipped(row.tool_version, 80)) if row.tool_version else ""
    why = message(clipped(wording.why(row), 200))
    name, status = prose(clipped(row.name, 80)), prose(clipped(row.status.replace("_", " "), 80))
    return f"| {name} | {status} | {row.attempts} | {row.seconds:.2f} | {by} | {why} |"


def compared(report: Report, links: Links) -> str:
    """``Reviewed abc1234 against def5678``."""
    head = links.commit(report.head) if report.head else "the working tree"
    return f"Reviewed {head}" + (f" against {links.commit(report.base)}" if report.base else "")


def bullets(title: str, lines: Iterable[str]) -> Iterator[Part]:
    """A list that stays together, with its title; nothing for no lines."""
    every = list(lines)
    if not every:
        return
    more = (f"- and {len(every) - _MOST} more",) if len(every) > _MOST else ()
    heading = ("", title) if title else ()
    yield part(*heading, "", *(f"- {message(clipped(each))}" for each in every[:_MOST]), *more)


def _folded(title: str, lines: Iterable[str]) -> Iterator[Part]:
    for each in bullets("", lines):
        yield part("", f"<details><summary>{title}</summary>", each.text, "", "</details>")


def commented(number: int) -> Iterator[Part]:
    """How many findings stand in comments."""
    if number:
        yield part("", f"💬 {counted(number, 'finding')} in comments.")
