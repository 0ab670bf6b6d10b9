"""Which changed files nobody looked at, and whether that leaves a hole in the review."""

from collections.abc import Iterable, Iterator, Sequence

from reviewbot.review.analysis import Analysis, NotReviewed
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.sides import PYTHON

_PROSE = (".md", ".rst", ".txt", ".adoc")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".bmp", ".avif")
_NAMED_PROSE = frozenset(
    {"license", "licence", "copying", "notice", "authors", "contributors", "readme", "changelog"}
)
_SETTINGS_ALONE = frozenset(
    {"mypy.ini", ".mypy.ini", "ruff.toml", ".ruff.toml", ".bandit", "pytest.ini"}
)
_SETTINGS_TOO = frozenset({"pyproject.toml", "setup.cfg", "tox.ini", ".reviewbot.yml"})
# Text that a program reads: a change in it is no prose.
_READ_BY_PROGRAMS = ("requirements", "constraints", "cmakelists")


def unaccounted(
    diff: Diff, analyses: Sequence[Analysis], listed: Iterable[NotReviewed]
) -> Iterator[NotReviewed]:
    """Changed files that no analysis speaks of.

    Prose and images are listed without being missed; every other kind of file that nobody can
    read, and a Python file that nobody read, leaves the review incomplete.

    Args:
        diff: the change.
        analyses: those that came to a result.
        listed: what is known to be not reviewed already.
    """
    analyzed = {path for each in analyses for path in each.coverage.analyzed}
    known = analyzed | {each.path for each in listed}
    excluded = {path for each in analyses for path in each.coverage.excluded}
    for file in diff.files:
        if file.status is not FileStatus.DELETED and file.path not in known:
            yield _unread(file, excluded=file.path in excluded)


def is_prose(path: str) -> bool:
    """Whether a file is documentation: text for people, or a picture."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(_READ_BY_PROGRAMS):
        return False
    return name in _NAMED_PROSE or name.endswith((*_PROSE, *_IMAGES))


def _unread(file: FileDiff, *, excluded: bool) -> NotReviewed:
    reason, blocking = _why(file, excluded=excluded)
    return NotReviewed(path=file.path, reason=reason, blocking=blocking)


def _why(file: FileDiff, *, excluded: bool) -> tuple[str, bool]:
    if is_prose(file.path):
        return "documentation is not analysed", False
    if file.unreadable:
        return file.unreadable, True
    if not file.hunks:
        return "its content did not change", False
    if excluded:
        return "left out by the project's configuration", False
    if file.path.endswith(PYTHON):
        return "no analysis looked at it", True
    return _unknown_kind(file.path.rpartition("/")[2])


def _unknown_kind(name: str) -> tuple[str, bool]:
    if name in _SETTINGS_ALONE:
        return "settings of a tool: read, not analysed", False
    if name in _SETTINGS_TOO:
        return "only the settings of the tools in it are read", True
    return "no analysis reads this kind of file", True
