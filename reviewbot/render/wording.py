"""Sentences that every human-readable form shares."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from reviewbot.render.view import View
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, FindingRow, GapRow, NodeRow, TestRow

_OFTEN, _EXAMPLES = 10, 5
"""A rule that stands more often than this in one file, and how many of it are shown then."""


def counts(report: Report) -> str:
    """``3 introduced, 12 existing, 1 fixed``."""
    found = report.counts
    return f"{found.introduced} introduced, {found.existing} existing, {found.fixed} fixed"


def headline(report: Report) -> str:
    """The verdict in a few words."""
    state = "complete" if report.verdict.complete else "incomplete"
    return f"{report.verdict.decision} ({state})"


def out_of_sight(number: int) -> str:
    """What is said about introduced findings that are not shown; nothing about none."""
    return f"{number} more introduced further away (--show all)" if number else ""


def place(row: FindingRow) -> str:
    """``path:line:column`` as far as it is known."""
    parts = (row.path, *(str(each) for each in (row.line, row.column) if each is not None))
    return ":".join(parts)


def cause(row: FindingRow) -> str:
    """Where the change brought it about, when that is elsewhere; else an empty string."""
    if row.cause is None or row.in_diff:
        return ""
    return f"caused by {_line(row.cause)}"


def _line(cause: CauseRow) -> str:
    return cause.path if cause.line is None else f"{cause.path}:{cause.line}"


def moved(row: FindingRow) -> str:
    """Where it was, when only its place changed."""
    return f"moved from {row.moved_from}" if row.moved_from else ""


def gap(row: GapRow) -> str:
    """``path: reason (node)``."""
    where = "" if row.path is None else f"{row.path}: "
    return f"{where}{row.reason}" + (f" ({row.node})" if row.node else "")


def why(row: NodeRow) -> str:
    """Why a node did not succeed, or what went wrong before it did."""
    return row.reason or "; ".join(row.tried)


def tests(row: TestRow) -> str:
    """What became of the tests, in one line."""
    why = f" (everything: {row.fallback})" if row.fallback else ""
    if not row.ran:
        return f"{row.reason}{why}"
    words = f"{row.selected} of {row.total} test files are affected{why}; {row.ran} ran"
    if row.failed:
        words += f", {len(row.failed)} tests failed because of the change"
    return f"{words}; {row.reason}" if row.reason else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Findings that are read together: one cause, or one file.

    Attributes:
        title: the path, or what changed.
        rows: in order, worst first.
        is_group: whether they have one cause; then each row needs its own path.
        folded: tool and rule → how many more of it there are in this file than the rows show.
    """

    title: str
    rows: tuple[FindingRow, ...]
    is_group: bool
    folded: Mapping[str, int] = field(default_factory=dict)


def blocks(view: View, state: str) -> Iterator[Block]:
    """Groups with one cause first, then what is left by file; the worst file first.

    A rule that is broken very often in one file is shown a few times and counted, unless the reader
    wants to see everything.
    """
    report = view.report
    texts = {each.id: f"{_line(each.cause)}: {each.text}" for each in report.groups}
    found: dict[tuple[bool, str], list[FindingRow]] = {}
    for row in view.findings:
        if row.change != state:
            continue
        is_group = row.group in texts
        key = (is_group, row.group if is_group and row.group else row.path)
        found.setdefault(key, []).append(row)
    for (is_group, name), members in sorted(found.items(), key=lambda item: not item[0][0]):
        block = Block(
            title=texts[name] if is_group else name, rows=tuple(members), is_group=is_group
        )
        yield block if is_group or view.everything else _folded(block)


def _folded(block: Block) -> Block:
    often = {
        rule: count for rule, count in Counter(map(rule_of, block.rows)).items() if count > _OFTEN
    }
    seen: Counter[str] = Counter()
    shown = []
    for row in block.rows:
        rule = rule_of(row)
        seen[rule] += 1
        if rule not in often or seen[rule] <= _EXAMPLES:
            shown.append(row)
    folded = {rule: count - _EXAMPLES for rule, count in often.items()}
    return replace(block, rows=tuple(shown), folded=folded)


def rule_of(row: FindingRow) -> str:
    """``ruff F401``."""
    return f"{row.tool} {row.rule}"


def pace(report: Report) -> str:
    """How long it took, what decided that, and what running side by side was worth."""
    ran = [row for row in report.nodes if row.seconds > 0]
    told = f"In all {report.seconds:.1f} s, critical path {report.critical_path_seconds:.1f} s"
    if not ran:
        return told
    slowest = max(ran, key=lambda row: row.seconds)
    span = max(row.started + row.seconds for row in ran) - min(row.started for row in ran)
    gain = sum(row.seconds for row in ran) / span
    depth = max(row.wave for row in report.nodes)
    return (
        f"{told} in {depth} waves; slowest {slowest.name}; {gain:.1f} times as fast as in sequence"
    )
