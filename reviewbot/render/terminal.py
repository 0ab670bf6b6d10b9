"""The report for a person at a terminal; plain text when it is piped."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reviewbot.render import wording
from reviewbot.render.view import View, printable
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow, NodeRow

_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_VERDICTS = {"APPROVE": "bold green", "COMMENT": "bold", "REQUEST_CHANGES": "bold red"}
_TITLES = {"introduced": "Introduced", "existing": "Existing", "fixed": "Fixed"}
_MANY = 12


def render_terminal(view: View) -> str:
    """Findings by class, then what was not reviewed, the nodes, and the verdict at the end."""
    console = Console(
        file=StringIO(),
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        width=view.width if view.color else max(view.width, 200),
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        for part in _parts(view):
            console.print(part, soft_wrap=isinstance(part, Text))
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _parts(view: View) -> Iterator[Text | Table]:
    report = view.report
    if view.sentence:
        yield Text.assemble(("Reviewed ", "bold"), printable(view.sentence))
    for state in _TITLES:
        yield from _section(view, state)
    if view.out_of_sight:
        yield from (Text(), Text(wording.out_of_sight(view.out_of_sight), "bold"))
    yield from _list("Warnings", report.warnings, "yellow")
    yield from _list("Not reviewed", map(wording.gap, report.not_reviewed), "yellow")
    yield from _list("Notes", report.notes, "")
    if report.tests is not None:
        yield Text()
        yield Text.assemble(("Tests  ", "bold"), printable(wording.tests(report.tests)))
    yield Text()
    yield _nodes(report.nodes)
    yield Text()
    yield from _verdict(report)


def _section(view: View, state: str) -> Iterator[Text]:
    count = sum(each.change == state for each in view.findings)
    if not count:
        return
    yield Text()
    yield Text(f"{_TITLES[state]} ({count})", "bold")
    for block in wording.blocks(view, state):
        yield Text(printable(block.title), "magenta" if block.is_group else "underline")
        shown = block.rows[:_MANY] if block.is_group and not view.everything else block.rows
        for row in shown:
            yield _finding(row, is_grouped=block.is_group)
        if len(block.rows) > len(shown):
            more = len(block.rows) - len(shown)
            yield Text(f"  and {more} more with the same cause (--all shows them)", "dim")
        for rule, more in block.folded.items():
            yield Text(f"  and {more} more of {printable(rule)} (--all shows them)", "dim")


def _finding(row: FindingRow, *, is_grouped: bool) -> Text:
    place = wording.place(row) if is_grouped else wording.place(row).removeprefix(row.path)[1:]
    text = Text.assemble(
        f"  {printable(place):>7}  ",
        (f"{row.severity:<8}", _STYLES[row.severity]),
        f"{printable(row.message)}  ",
        (printable(wording.rule_of(row)), "dim"),
    )
    for told in ("" if is_grouped else wording.cause(row), wording.moved(row)):
        if told:
            text.append(f"\n{'':19}{printable(told)}", "magenta")
    return text


def _list(title: str, lines: Iterable[str], style: str) -> Iterator[Text]:
    every = list(lines)
    if not every:
        return
    yield Text()
    yield Text(f"{title} ({len(every)})", "bold")
    for line in every[:_MANY]:
        yield Text.assemble("  ", (printable(line), style))
    if len(every) > _MANY:
        yield Text(f"  and {len(every) - _MANY} more (--format json lists all)", "dim")


def _nodes(rows: tuple[NodeRow, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", show_edge=False)
    for name in ("node", "wave", "status", "tries", "seconds", "by", "why"):
        table.add_column(name, justify="right" if name in {"wave", "tries", "seconds"} else "left")
    for row in rows:
        style = "" if row.status in {"succeeded", "cached"} else "yellow"
        table.add_row(
            row.name,
            str(row.wave),
            Text(row.status.replace("_", " "), style),
            str(row.attempts),
            f"{row.seconds:.2f}",
            row.tool_version,
            printable(wording.why(row)),
        )
    return table


def _verdict(report: Report) -> Iterator[Text]:
    yield Text.assemble(
        (wording.headline(report), _VERDICTS[report.verdict.decision]),
        f"  {wording.counts(report)}  ",
        (f"{report.seconds:.1f} s, critical path {report.critical_path_seconds:.1f} s", "dim"),
    )
    for reason in report.verdict.reasons[:_MANY]:
        yield Text(f"  {printable(reason)}")
