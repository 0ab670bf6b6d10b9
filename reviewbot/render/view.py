"""What a renderer gets: the report, and how much of it to show."""

from dataclasses import dataclass

from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow

_ORDER = ("introduced", "existing", "fixed")
SHOW = {"added": 0, "context": 1, "file": 2, "all": 3}
"""How far from the written lines a finding may be and still be shown."""
_FAR = {"added": 0, "context": 1, "file": 2, "elsewhere": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A Report with the choices of the reader.

    Attributes:
        report: everything there is to show.
        sentence: what is reviewed against what.
        everything: show existing and fixed findings too; their counts are always shown.
        show: a key of ``SHOW``; a choice of display that changes no count and no verdict.
        color: whether the terminal understands colours.
        width: columns of the terminal.
    """

    report: Report
    sentence: str = ""
    everything: bool = False
    show: str = "all"
    color: bool = False
    width: int = 100

    @property
    def findings(self) -> tuple[FindingRow, ...]:
        """The findings to show, introduced ones first."""
        shown = _ORDER if self.everything else _ORDER[:1]
        return tuple(
            each
            for state in shown
            for each in self.report.findings
            if each.change == state and _FAR[each.nearness] <= SHOW[self.show]
        )

    @property
    def out_of_sight(self) -> int:
        """How many introduced findings are further away than what is shown."""
        far = (_FAR[each.nearness] > SHOW[self.show] for each in self.introduced)
        return sum(far)

    @property
    def introduced(self) -> tuple[FindingRow, ...]:
        """The findings that the change introduced, shown or not."""
        return tuple(each for each in self.report.findings if each.change == "introduced")


def printable(text: str) -> str:
    """Text from a stranger's repository, made safe to show: one line, nothing that steers.

    Control characters, ANSI sequences, bidirectional and zero-width marks and undecodable bytes
    are shown as escapes, so that no file name or message can move the cursor, reorder what is
    read, or start a line of its own.
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "backslashreplace").decode()
        for each in text.encode("utf-8", "backslashreplace").decode()
    )
