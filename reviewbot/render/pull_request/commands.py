"""Findings as workflow commands: annotations for a token that may write nothing."""

from collections.abc import Iterator, Sequence

from reviewbot.render.pull_request.phrases import counted
from reviewbot.render.view import printable
from reviewbot.review.publishing.situation import introduced
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow

MOST_OF_A_LEVEL = 10
"""The runner shows as many warnings and as many errors of a step, and drops the others."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_LONGEST = 1000


def render_commands(report: Report) -> str:
    """The introduced findings for the log of a step, one command for each line.

    Args:
        report: what was found; findings without a line annotate their file.

    Returns:
        Lines with a line end, ten of a level; the last says how many the summary holds besides.
    """
    return "".join(f"{line}\n" for line in _lines(introduced(report)))


def _lines(rows: Sequence[FindingRow]) -> Iterator[str]:
    shown = 0
    for level in _COMMANDS:
        some = [each for each in rows if each.severity == level][:MOST_OF_A_LEVEL]
        shown += len(some)
        yield from map(_command, some)
    if shown < len(rows):
        yield f"{counted(len(rows) - shown, 'more finding')} in the summary of this step"


def _command(row: FindingRow) -> str:
    """Rule: the runner's own escapes, and no ``##[`` that an older runner would obey."""
    places = {"file": row.path, "line": row.line, "endLine": row.end_line, "col": row.column}
    known = {**places, "title": f"{row.tool} {row.rule}"}
    said = ",".join(f"{key}={_property(str(value))}" for key, value in known.items() if value)
    return f"::{_COMMANDS[row.severity]} {said}::{_data(row.message)}"


def _data(text: str) -> str:
    shown = printable(text[:_LONGEST]).replace("##[", "## [")
    return shown.replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
