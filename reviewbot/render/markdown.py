"""The report as GitHub Markdown in which nothing of the change is alive."""

from collections.abc import Iterable, Iterator

from reviewbot.render import wording
from reviewbot.render.inert import code, prose
from reviewbot.render.picture import picture
from reviewbot.render.view import View
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow, NodeRow

_ICONS = {"error": "🔴", "warning": "🟡", "note": "🔵"}
_MANY = 50


def render_markdown(view: View) -> str:
    """The verdict first, then findings, then what was not reviewed, then the nodes."""
    return "\n".join(_lines(view)).rstrip() + "\n"


def _lines(view: View) -> Iterator[str]:
    report = view.report
    yield f"## {report.verdict.decision.replace('_', ' ').capitalize()}"
    yield ""
    state = "complete" if report.verdict.complete else "**incomplete**"
    yield f"{wording.counts(report)}; the review is {state}."
    yield ""
    yield from (f"- {prose(reason)}" for reason in report.verdict.reasons[:_MANY])
    if view.sentence:
        yield from ("", f"Reviewed {prose(view.sentence)}.")
    for state in ("introduced", "existing", "fixed"):
        yield from _section(view, state)
    if view.out_of_sight:
        yield from ("", prose(wording.out_of_sight(view.out_of_sight)))
    yield from _list("Warnings", report.warnings)
    yield from _list("Not reviewed", map(wording.gap, report.not_reviewed))
    yield from _list("Notes", report.notes)
    if report.tests is not None:
        yield from ("", f"**Tests**: {prose(wording.tests(report.tests))}")
    yield from _nodes(report.nodes, report)


def _section(view: View, state: str) -> Iterator[str]:
    count = sum(each.change == state for each in view.findings)
    if not count:
        return
    yield from ("", f"### {state.capitalize()} ({count})")
    for block in wording.blocks(view, state):
        title = prose(block.title) if block.is_group else code(block.title)
        yield from ("", f"**{title}**", "", "| | where | what | rule |", "|---|---|---|---|")
        shown = block.rows if view.everything else block.rows[:_MANY]
        yield from map(_row, shown)
        if len(block.rows) > len(shown):
            yield from ("", f"and {len(block.rows) - len(shown)} more")
        for rule, more in block.folded.items():
            yield from ("", f"and {more} more of {code(rule)}")


def _row(row: FindingRow) -> str:
    told = "".join(
        f"<br>{prose(each)}" for each in (wording.cause(row), wording.moved(row)) if each
    )
    return (
        f"| {_ICONS[row.severity]} | {code(wording.place(row))} | {prose(row.message)}{told} "
        f"| {code(wording.rule_of(row))} |"
    )


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    if not every:
        return
    yield from ("", f"### {title} ({len(every)})", "")
    yield from (f"- {prose(line)}" for line in every[:_MANY])
    if len(every) > _MANY:
        yield f"- and {len(every) - _MANY} more"


def _nodes(rows: tuple[NodeRow, ...], report: Report) -> Iterator[str]:
    yield from ("", "<details><summary>What ran</summary>", "")
    yield "| node | wave | status | tries | seconds | by | why |"
    yield "|---|--:|---|--:|--:|---|---|"
    for row in rows:
        by = code(row.tool_version) if row.tool_version else ""
        why = prose(wording.why(row))
        yield (
            f"| {row.name} | {row.wave} | {row.status.replace('_', ' ')} | {row.attempts} "
            f"| {row.seconds:.2f} | {by} | {why} |"
        )
    yield from ("", prose(wording.pace(report)))
    yield from ("", *picture(rows), "", "</details>")
