"""From files on disk to summaries: known blobs from the store, the rest from the worker."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import join
from typing import Any

from reviewbot.analyzers.impact.store import Store
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.analyzers.programs import PARSING
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Limits, Programs
from reviewbot.review.analysis import Tree

_LIMITS = Limits(seconds=120, memory=2 << 30, stdout=512 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Some Python files of a tree, and whether the hashes of their statements are wanted too."""

    tree: Tree
    paths: Sequence[str]
    digests: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Reads the Python files of trees.

    Attributes:
        programs: starts the worker.
        store: what earlier runs left.
        docstrings: whether a changed docstring is a change.
    """

    programs: Programs
    store: Store = field(default_factory=lambda: Store(None))
    docstrings: bool = False
    _known: dict[str, Any] = field(default_factory=dict)

    async def learn(self, *questions: Question) -> None:
        """Find out everything that will be asked, with one start of the worker.

        Raises:
            ToolError: the worker cannot be started or does not end in time.
        """
        blobs = {each.tree.files[path]: None for each in questions for path in each.paths}
        hashed = [self._digests_key(blob) for blob in _hashed(questions)]
        self._known.update(self.store.load(sorted({*blobs, *hashed} - self._known.keys())))
        files = self._unknown(questions)
        answers = await self._parse([(file, digests) for file, digests in files.values()])
        fresh: dict[str, Any] = {}
        for blob, (file, digests) in files.items():
            if blob not in self._known:
                fresh[blob] = answers[file]["summary"]
            if digests:
                fresh[self._digests_key(blob)] = answers[file].get("digests")
        self.store.save(fresh)
        self._known.update(fresh)

    def _unknown(self, questions: Sequence[Question]) -> dict[str, tuple[str, bool]]:
        """Blob → a file that holds it, and whether its hashes are wanted."""
        found: dict[str, tuple[str, bool]] = {}
        hashed = _hashed(questions)
        for each in questions:
            for path in each.paths:
                blob = each.tree.files[path]
                digests = blob in hashed and self._digests_key(blob) not in self._known
                if digests or blob not in self._known:
                    found.setdefault(blob, (join(each.tree.root, path), digests))
        return found

    async def summaries(self, tree: Tree, paths: Sequence[str]) -> dict[str, Summary]:
        """Path → summary; a file that cannot be parsed has an unknown one.

        Raises:
            ToolError: the worker cannot be started or does not end in time.
        """
        await self.learn(Question(tree=tree, paths=paths))
        blobs = {tree.files[path] for path in paths}
        read = {blob: _summary(self._known[blob]) for blob in blobs}
        return {path: read[tree.files[path]] for path in paths}

    async def digests(self, tree: Tree, paths: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Path → symbol → hashes of its statements, for files that can be parsed.

        Raises:
            ToolError: the worker cannot be started or does not end in time.
        """
        await self.learn(Question(tree=tree, paths=paths, digests=True))
        known = {path: self._known[self._digests_key(tree.files[path])] for path in paths}
        return {path: value for path, value in known.items() if value is not None}

    def _digests_key(self, blob: str) -> str:
        return f"{blob} {'with' if self.docstrings else 'without'} docstrings"

    async def _parse(self, files: Sequence[tuple[str, bool]]) -> dict[str, Any]:
        """File → the worker's answer; a file on which the worker dies is unknown."""
        found: dict[str, Any] = {}
        left = list(files)
        while left:
            request = {"files": left, "docstrings": self.docstrings}
            answers, crash = await self._ask(json.dumps(request).encode())
            found.update(zip((file for file, _ in left), answers, strict=False))
            left = left[len(answers) :]
            if left:
                file, _ = left.pop(0)
                found[file] = {"summary": {"unknown": crash, "imports": []}}
        return found

    async def _ask(self, request: bytes) -> tuple[list[Any], str]:
        """The answers that came whole, and how the worker ended."""
        done = await self.programs.run(
            Command(
                argv=PARSING.argv,
                cwd="/",
                stdin=request,
                limits=_LIMITS,
            )
        )
        lines = done.stdout.split(b"\n")[:-1]
        if done.returncode > 0 and not lines:
            raise ToolCrashed(f"the import index: {done.stderr[-200:].decode('utf-8', 'replace')}")
        try:
            return [json.loads(line) for line in lines], f"the parser died ({done.returncode})"
        except ValueError as error:
            raise ToolGarbled(f"the import index: {error}") from error


def _hashed(questions: Sequence[Question]) -> set[str]:
    """The blobs whose hashes are wanted."""
    return {each.tree.files[path] for each in questions if each.digests for path in each.paths}


def _summary(value: Any) -> Summary:  # noqa: ANN401 - foreign JSON, checked by building it
    try:
        return Summary.of(value)
    except (KeyError, TypeError, ValueError) as error:
        raise ToolGarbled(f"the import index: {error!r}") from error
