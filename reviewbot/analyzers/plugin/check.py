"""What an author writes: a function from the text of a file to remarks. Standard library only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, overload

Look = Callable[[str, str], Iterable["Remark"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a check has to say about a line.

    Attributes:
        line: from 1.
        rule: the check's own name of what is wrong.
        message: one line for the reader.
        severity: how bad.
        confidence: how sure.
        column: from 1, in characters.
        end_line: the last line, inclusive.
        cwe: number of the weakness, where it is one.
        remediation: what to do.
    """

    line: int
    rule: str
    message: str
    severity: Literal["note", "warning", "error"] = "warning"
    confidence: Literal["low", "medium", "high"] = "high"
    column: int | None = None
    end_line: int | None = None
    cwe: int | None = None
    remediation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An analyzer made of a function.

    Attributes:
        name: as the reader sees it.
        version: findings on a base are kept until it changes.
        look: gives the remarks about one file, given its path and its text.
    """

    name: str
    version: str
    look: Look

    def __call__(self, path: str, text: str) -> tuple[Remark, ...]:
        """What it says about a text, outside any review."""
        return tuple(self.look(path, text))


@overload
def analyzer(look: Look, /) -> Check: ...
@overload
def analyzer(*, name: str | None = None, version: str = "0") -> Callable[[Look], Check]: ...
def analyzer(
    look: Look | None = None,
    /,
    *,
    name: str | None = None,
    version: str = "0",
) -> Check | Callable[[Look], Check]:
    """Make an analyzer of a function; bare or with arguments (see ``Check``).

    It sees each changed file of both sides, in a program of its own without power or secrets; what
    it says on the head and not on the base was introduced. A file on which it raises is named as
    not reviewed.
    """

    def made(function: Look) -> Check:
        called = name or str(getattr(function, "__name__", "check"))
        return Check(name=called, version=version, look=function)

    return made if look is None else made(look)
