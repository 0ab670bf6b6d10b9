"""Texts with a limit: cut between findings, and what is cut is counted."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines that stay together.

    Attributes:
        text: without its last line end.
        findings: how many findings it tells.
    """

    text: str
    findings: int = 0

    @property
    def size(self) -> int:
        """UTF-8 bytes with the line end."""
        return len(self.text.encode()) + 1


def part(*lines: str, findings: int = 0) -> Part:
    """A Part from lines."""
    return Part(text="\n".join(lines), findings=findings)


def fitted(head: Iterable[Part], findings: Iterable[Part], tail: Iterable[Part], room: int) -> str:
    """A text of at most ``room`` UTF-8 bytes.

    The head and the tail may take a quarter and a half; the findings get what is left and are cut
    at the first that does not fit.

    Args:
        head: what is read first.
        findings: in the order in which they may be cut from the end.
        tail: what is shown whatever the findings take; a part that does not fit is left out.
        room: in bytes.
    """
    every = tuple(findings)
    room -= _more(sum(each.findings for each in every)).size
    above = _fitting(head, room // 4)
    below = _fitting(tail, room // 2)
    shown = _until_full(every, room - sum(each.size for each in (*above, *below)))
    missing = sum(each.findings for each in every[len(shown) :])
    more = (_more(missing),) if missing else ()
    return "\n".join(each.text for each in (*above, *shown, *more, *below))


def _fitting(parts: Iterable[Part], room: int) -> tuple[Part, ...]:
    kept = []
    for each in parts:
        if each.size <= room:
            kept.append(each)
            room -= each.size
    return tuple(kept)


def _until_full(parts: tuple[Part, ...], room: int) -> tuple[Part, ...]:
    for index, each in enumerate(parts):
        room -= each.size
        if room < 0:
            return parts[:index]
    return parts


def _more(count: int) -> Part:
    return part("", f"**{count} more…** do not fit here; the run's own summary lists them.")
