"""What must be said about a change and what was said, in lines that can stand side by side."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from subprocess import CompletedProcess
from typing import Any

Table = Mapping[str, Any]


def wanted(table: Table) -> tuple[str, ...]:
    """The table of a case, a line for each statement."""
    return tuple(
        _lines(
            table,
            introduced=table["introduced"],
            moved=[row | {"moved_from": row["from"]} for row in table.get("moved", ())],
            exit_code=table.get("exit_code", 0),
        )
    )


def told(table: Table, done: CompletedProcess[bytes]) -> tuple[str, ...]:
    """What a review said, in the lines of ``wanted``.

    Args:
        table: of the case: counts, moves and tests are compared only where it speaks of them.
        done: the command, with a report as JSON or nothing at all on its standard output.
    """
    if not done.stdout:
        return (f"exit {done.returncode}", *done.stderr.decode("utf-8", "replace").splitlines())
    report = json.loads(done.stdout)
    introduced = [row for row in report["findings"] if row["change"] == "introduced"]
    asked = {name: report[name] for name in ("counts", "tests") if name in table}
    if "counts" in asked:
        asked["counts"] = {name: report["counts"][name] for name in table["counts"]}
    if "tests" in asked:
        chosen = report["tests"] or {"total": 0, "selected_files": ()}
        asked["tests"] = {"total": chosen["total"], "selected": chosen["selected_files"]}
    return tuple(
        _lines(
            {name: report[name] for name in ("verdict", "not_reviewed")} | asked,
            introduced=[{**row, "cause": _cause(row)} for row in introduced],
            moved=[row for row in report["findings"] if row["moved_from"] and "moved" in table],
            exit_code=done.returncode,
        )
    )


def remarks(done: CompletedProcess[bytes]) -> str:
    """What a review says about itself; where two tables differ, the reason may stand here."""
    report = json.loads(done.stdout or b"{}")
    return "\n".join((*report.get("warnings", ()), *report.get("notes", ())))


def side_by_side(want: Sequence[str], got: Sequence[str]) -> str:
    """Two tables, the wanted one on the left; a line that the other has not is marked."""
    width = max(map(len, want))
    missing, more = Counter(want) - Counter(got), Counter(got) - Counter(want)
    left = [f"{'!' if missing[line] else ' '} {line:<{width}}" for line in want]
    right = [f"{'!' if more[line] else ' '} {line}" for line in got]
    empty = " " * (width + 2)
    head = f"  {'wanted':<{width}} |   got"
    pairs = zip_longest(left, right, fillvalue="")
    return "\n".join([head, *(f"{one or empty} | {two}" for one, two in pairs)])


def _lines(
    table: Table, *, introduced: Sequence[Table], moved: Sequence[Table], exit_code: int
) -> Iterator[str]:
    verdict = table["verdict"]
    yield f"exit {exit_code}"
    yield f"{verdict['decision']}, {'complete' if verdict['complete'] else 'incomplete'}"
    yield from (f"{name} {count}" for name, count in table.get("counts", {}).items())
    yield from _findings(introduced)
    yield from sorted(map(_moved, moved))
    yield from sorted(map(_not_reviewed, table["not_reviewed"]))
    if "tests" in table:
        chosen = table["tests"]["selected"]
        yield f"{len(chosen)} of {table['tests']['total']} test files: {', '.join(sorted(chosen))}"


def _findings(rows: Sequence[Table]) -> Iterator[str]:
    """Findings in the order of their places; groups are numbered as they come."""
    numbers: dict[str, int] = {}
    for row in sorted(rows, key=_place):
        group = row.get("group")
        number = numbers.setdefault(group, len(numbers) + 1) if group else 0
        cause = f"  because of {row['cause']}" if row.get("cause") else ""
        together = f"  group {number}" if number else ""
        yield f"{_finding(row)}{cause}{together}"


def _place(row: Table) -> tuple[str, int, str, str]:
    return (row["path"], row.get("line") or 0, row["node"], row["rule"])


def _finding(row: Table) -> str:
    return f"{row['node']} {row['rule']} {_location(row['path'], row.get('line'))}"


def _moved(row: Table) -> str:
    return f"moved: {_finding(row)} from {row['moved_from']}"


def _cause(row: Table) -> str | None:
    """The cause of a finding; one on a line of the diff is its own."""
    cause = row["cause"]
    return None if cause is None or row["in_diff"] else _location(cause["path"], cause["line"])


def _not_reviewed(row: Table) -> str:
    return f"not reviewed: {_location(row['path'] or '', None)} by {row['node'] or 'anybody'}"


def _location(path: str, line: int | None) -> str:
    return json.dumps(path, ensure_ascii=False)[1:-1] + (f":{line}" if line else "")
