"""What was where: paths and lines of the head and the base, through a diff."""

import re
from collections.abc import Mapping
from functools import cached_property

from reviewbot.review.classified import Sources
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.finding import Finding
from reviewbot.review.symbols import Definition, definitions, parse_module

PYTHON = (".py", ".pyi")
_LINE_END = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> tuple[str, ...]:
    """Lines as compilers count them; ``str.splitlines`` also splits at form feeds and others."""
    return tuple(_LINE_END.split(text))


class Sides:
    """A diff with both texts, for many questions; what is asked twice is computed once."""

    def __init__(self, diff: Diff, sources: Sources) -> None:
        self.diff = diff
        self.sources = sources
        self._added: dict[str, frozenset[int]] = {}
        self._unread: dict[str, bool] = {}
        self._definitions: dict[str, tuple[Definition, ...]] = {}
        self._lines: dict[str, tuple[str, ...]] = {}

    @cached_property
    def files(self) -> Mapping[str, FileDiff]:
        """Head path → what happened to the file."""
        return {each.path: each for each in self.diff.files}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Head path → base path of the renamed files; a copy is no rename, it adds a file."""
        return {
            each.path: each.old_path
            for each in self.diff.files
            if each.status is FileStatus.RENAMED and each.old_path is not None
        }

    @cached_property
    def _now(self) -> Mapping[str, str]:
        return {old: new for new, old in self.renamed.items()}

    def base_path(self, path: str) -> str:
        """The base path of a head path, through renames."""
        return self.renamed.get(path, path)

    def head_path(self, path: str) -> str:
        """The head path of a base path, through renames."""
        return self._now.get(path, path)

    def base_line(self, finding: Finding) -> int | None:
        """The base line of a head finding, or None when the change wrote its line."""
        file = self.files.get(finding.path)
        if file is None or finding.line is None:
            return finding.line
        return file.base_line(finding.line)

    def added_lines(self, path: str) -> frozenset[int]:
        """Head lines that the change wrote in a file."""
        if path not in self._added:
            file = self.files.get(path)
            self._added[path] = frozenset() if file is None else file.added_lines
        return self._added[path]

    def wrote(self, finding: Finding) -> bool:
        """Whether the change wrote the line of a head finding."""
        return finding.line in self.added_lines(finding.path)

    def lines(self, path: str) -> tuple[str, ...]:
        """The lines of a head file, without their ends."""
        if path not in self._lines:
            self._lines[path] = split_lines(self.sources.head(path) or "")
        return self._lines[path]

    def definitions(self, path: str) -> tuple[Definition, ...]:
        """The functions and classes of a head file."""
        if path not in self._definitions:
            self._definitions[path] = definitions(self.sources.head(path) or "")
        return self._definitions[path]

    def deleted(self, path: str) -> bool:
        """Whether a base path is gone on the head."""
        file = self.files.get(path)
        return file is not None and file.status is FileStatus.DELETED

    def unread_base(self, path: str) -> bool:
        """Whether a tool could read a file on the head only: its base text is no Python."""
        if path not in self._unread:
            self._unread[path] = path.endswith(PYTHON) and self._broken_before(path)
        return self._unread[path]

    def _broken_before(self, path: str) -> bool:
        file = self.files.get(path)
        if file is None or file.old_path is None or file.status is FileStatus.COPIED:
            return False
        before, now = self.sources.base(file.old_path), self.sources.head(path)
        if before is None or now is None or parse_module(before) is not None:
            return False
        return parse_module(now) is not None
