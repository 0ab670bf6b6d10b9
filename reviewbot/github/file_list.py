"""GitHub's list of changed files → one FileDiff per file; pure."""

from typing import Annotated

from pydantic import Field, ValidationError

from reviewbot.github.reading import Record
from reviewbot.github.snapshot import Count, Foreign
from reviewbot.review.diff import FileDiff, FileStatus, PatchGarbled, parse_hunks

NO_LINES = "GitHub's list shows no lines of it"

_STATUSES = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}

_Path = Annotated[str, Field(min_length=1, max_length=4096)]


class _Entry(Foreign):
    filename: _Path
    status: str
    additions: Count
    deletions: Count
    patch: str | None = None
    previous_filename: _Path | None = None


def parse_entry(record: Record) -> FileDiff | None:
    """One file, or None when the entry is not what GitHub documents.

    A patch is missing for a binary, a large and an empty file alike, so such a file is unreadable;
    and the lines have to be as many as the entry counts.
    """
    try:
        entry = _Entry.model_validate(record)
    except ValidationError:
        return None
    status = _STATUSES.get(entry.status, FileStatus.MODIFIED)
    old_path = None if status is FileStatus.ADDED else entry.previous_filename or entry.filename
    if entry.patch is None:
        return FileDiff(status=status, path=entry.filename, old_path=old_path, unreadable=NO_LINES)
    try:
        hunks = parse_hunks(entry.patch)
    except PatchGarbled as error:
        hunks, why = (), f"its diff cannot be parsed: {error}"
    else:
        edits = [edit for hunk in hunks for edit in hunk.edits]
        got = (sum(each.head_count for each in edits), sum(each.base_count for each in edits))
        counted = (entry.additions, entry.deletions)
        why = "" if got == counted else f"its diff has {got} lines, not {counted}"
    return FileDiff(
        status=status,
        path=entry.filename,
        old_path=old_path,
        hunks=() if why else hunks,
        unreadable=why,
    )
