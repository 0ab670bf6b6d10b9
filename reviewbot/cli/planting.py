"""The changed files of a pull request through the API: for when git reaches nothing."""

from reviewbot.errors import ReviewbotError
from reviewbot.github.contents import read_file
from reviewbot.github.diff import read_pull_diff
from reviewbot.github.reading import Reader
from reviewbot.review.diff import FileDiff
from reviewbot.review.pull_request import PullRequest
from reviewbot.settings import FILE_NAME
from reviewbot.workspace.planted import Planted

_MOST = 100
"""Files: each costs two requests, and an hour allows a thousand."""
_SETTINGS = (FILE_NAME, "pyproject.toml", "setup.cfg", "mypy.ini", "ruff.toml", ".ruff.toml")


async def planted_files(reader: Reader, pull: PullRequest, merge_base: str, *, why: str) -> Planted:
    """Both sides of every changed file, and the settings of the tools.

    Args:
        reader: asks GitHub.
        pull: the pull request.
        merge_base: its other side.
        why: what kept git away, for the reader.

    Raises:
        ReviewbotError: the diff cannot be read either.
    """
    found = await read_pull_diff(reader, pull)
    read = _Reading(reader, pull.repository)
    files = found.diff.files[:_MOST]
    head = await read.all(pull.head, [*filter(None, map(_head_path, files)), *_SETTINGS])
    base = await read.all(merge_base, [*filter(None, map(_base_path, files)), *_SETTINGS])
    lost = len(read.lost) + max(pull.changed_files - _MOST, 0)
    gaps = f", {lost} of them could not" if lost else ""
    return Planted(
        base=base, head=head, why=f"only the changed files were read through the API{gaps}: {why}"
    )


class _Reading:
    def __init__(self, reader: Reader, repository: str) -> None:
        self._reader = reader
        self._repository = repository
        self.lost: set[str] = set()

    async def all(self, commit: str, paths: list[str]) -> dict[str, bytes]:
        """Path → content; what is not there has no entry."""
        contents = {path: await self._content(commit, path) for path in dict.fromkeys(paths)}
        return {path: content for path, content in contents.items() if content is not None}

    async def _content(self, commit: str, path: str) -> bytes | None:
        try:
            return await read_file(self._reader, self._repository, path, commit)
        except ReviewbotError:
            self.lost.add(path)
            return None


def _head_path(file: FileDiff) -> str | None:
    return None if file.status.name == "DELETED" else file.path


def _base_path(file: FileDiff) -> str | None:
    return file.old_path
