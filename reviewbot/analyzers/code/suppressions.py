"""New comments that silence a tool: where no second run can show what they hide.

What ``# noqa`` and ``# nosec`` hide is found by running ruff and bandit again without them. The
forms below have no such switch, so the comment itself is the finding.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewbot.analyzers.code.comments import Line, lines
from reviewbot.analyzers.code.selection import is_python, is_text
from reviewbot.analyzers.code.source import with_source
from reviewbot.review.analysis import Change, Tree
from reviewbot.review.diff import FileDiff, FileStatus
from reviewbot.review.finding import Finding, Location, Severity

RULE = "suppression"
_LONGEST = 80
_MAYBE = re.compile(r"ignore|mypy|pyright|no_type_check|TYPE_CHECKING|nosem|secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to silence a tool.

    Attributes:
        pattern: found in a comment, or in the code of a line.
        effect: completes "new `…`: ".
        in_code: whether it is code and no comment.
        leading: whether it counts only above the first statement.
    """

    pattern: re.Pattern[str]
    effect: str
    in_code: bool = False
    leading: bool = False


def _comment(pattern: str, effect: str, *, leading: bool = False) -> Form:
    return Form(pattern=re.compile(rf"#\s*{pattern}"), effect=effect, leading=leading)


def _code(pattern: str, effect: str) -> Form:
    return Form(pattern=re.compile(pattern), effect=effect, in_code=True)


TYPES = (
    _comment(r"type:\s*ignore\b.*", "mypy says nothing about this file any more", leading=True),
    _comment(r"type:\s*ignore\b(\s*\[[^\]]*\])?", "mypy says nothing about this line any more"),
    _comment(r"mypy:\s*\S.*", "it changes mypy's options for this file"),
    _comment(r"pyright:\s*ignore\b(\s*\[[^\]]*\])?", "pyright would say nothing about this line"),
    _comment(r"pyright:\s*\S.*", "it changes pyright's options for this file"),
    _comment(r"pyrefly:\s*ignore\S*(\s*\[[^\]]*\])?", "pyrefly says nothing about it any more"),
    _comment(r"ty:\s*ignore\b(\s*\[[^\]]*\])?", "ty says nothing about this line any more"),
    _code(r"@ (?:\w+ \. )*no_type_check(?:_decorator)?\b", "mypy skips what it decorates"),
    _code(r"\bno_type_check as \w+", "mypy skips what it decorates"),
    _code(r"\bif not (?:\w+ \. )*TYPE_CHECKING :", "type checkers skip what is below"),
)
"""What silences type checkers; who honours which form was measured. The first match counts."""

SECURITY = (
    _comment(r"nosem(?:grep)?\b[^#]*", "semgrep says nothing about this line any more"),
    _comment(
        r"pragma:\s*(?:allow|white)list(?:\s+nextline)?\s+secret",
        "detect-secrets says nothing about this line any more",
    ),
)
"""What silences security scanners other than bandit."""


def new_suppressions(
    change: Change, *, node: str = "types", forms: Sequence[Form] = TYPES
) -> tuple[Finding, ...]:
    """A finding for each suppression that a change adds, at its place on the head.

    A form that also stood on a line which the change removed from the same file is not new: the
    line was edited or moved. A new stub beside a source counts, because type checkers read it
    instead. The findings have no counterpart on the base: rule ``suppression``, tool ``reviewbot``.

    Args:
        change: the change.
        node: the node that reports.
        forms: TYPES or SECURITY.
    """
    files = [file for file in change.diff.files if _readable(file, change)]
    found = [finding for file in files for finding in _in_file(change, file, node, forms)]
    if forms is TYPES:
        found += [_stub(file.path, node) for file in files if _hides_source(file, change)]
    return with_source(found, change.head.root)


def _readable(file: FileDiff, change: Change) -> bool:
    return file.path in change.head.files and is_python(file.path) and is_text(file.path)


def _in_file(change: Change, file: FileDiff, node: str, forms: Sequence[Form]) -> Iterator[Finding]:
    removed = Counter(_all_messages(_lines(change.base, file.old_path, _removed(file)), forms))
    for line in _lines(change.head, file.path, file.added_lines):
        for message in _messages(line, forms):
            if removed[message]:
                removed[message] -= 1
            else:
                yield _finding(file.path, line.number, message, node)


def _lines(tree: Tree, path: str | None, numbers: frozenset[int]) -> tuple[Line, ...]:
    """The asked lines of a file; it is only taken apart when one of them may hold a form."""
    if path is None or path not in tree.files or not numbers:
        return ()
    text = Path(tree.root, path).read_bytes().decode("utf-8", "replace")
    if not any(_MAYBE.search(line) for line in _picked(text, numbers)):
        return ()
    return tuple(each for each in lines(text) if each.number in numbers)


def _picked(text: str, numbers: frozenset[int]) -> Iterator[str]:
    return (line for number, line in enumerate(io.StringIO(text), 1) if number in numbers)


def _all_messages(found: Iterable[Line], forms: Sequence[Form]) -> Iterator[str]:
    return (message for line in found for message in _messages(line, forms))


def _messages(line: Line, forms: Sequence[Form]) -> Iterator[str]:
    """What to say about a line: one message per place, by the first form that matches there."""
    taken: set[int] = set()
    for form in forms:
        if form.leading and not (line.leading and not line.code):
            continue
        for match in form.pattern.finditer(line.code if form.in_code else line.comment):
            if match.start() not in taken:
                taken.add(match.start())
                yield f"new `{' '.join(match.group().split())[:_LONGEST]}`: {form.effect}"


def _removed(file: FileDiff) -> frozenset[int]:
    return frozenset(
        line
        for edit in file.edits
        for line in range(edit.base_start, edit.base_start + edit.base_count)
    )


def _hides_source(file: FileDiff, change: Change) -> bool:
    is_new = file.status is not FileStatus.MODIFIED and file.old_path != file.path
    return is_new and file.path.endswith(".pyi") and file.path[:-1] in change.head.files


def _stub(path: str, node: str) -> Finding:
    source = path[:-1].rpartition("/")[2]
    message = f"new stub beside `{source}`: type checkers read it instead of the source"
    return _finding(path, None, message, node)


def _finding(path: str, line: int | None, message: str, node: str) -> Finding:
    return Finding(
        node=node,
        tool="reviewbot",
        rule=RULE,
        message=message,
        severity=Severity.WARNING,
        location=Location(path=path, line=line),
        remediation="Say in the comment why the tool is wrong, or fix what it says.",
    )
