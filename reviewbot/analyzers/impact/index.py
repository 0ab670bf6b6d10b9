"""From files on disk to summaries: known blobs from the store, the rest from the worker."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewbot.analyzers.impact.store import Store
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Limits, Programs
from reviewbot.review.analysis import Tree

_START = "import sys; sys.path.append(sys.argv[1]); from parsing.__main__ import main; main()"
"""``parsing`` is imported as a package of its own: its parents would bring the whole house."""
_FOLDER = str(Path(__file__).parent)
_LIMITS = Limits(seconds=120, memory=2 << 30, stdout=512 << 20)


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

    async def summaries(self, tree: Tree, paths: Sequence[str]) -> dict[str, Summary]:
        """Path → summary; a file that cannot be parsed has an unknown one.

        Raises:
            ToolError: the worker cannot be started or does not end in time.
        """
        known = self.store.load(sorted({tree.files[path] for path in paths}))
        first = {tree.files[path]: path for path in paths if tree.files[path] not in known}
        answers = await self._parse(tree.root, list(first.values()), digests=False)
        fresh = {blob: answers[path]["summary"] for blob, path in first.items()}
        self.store.save(fresh)
        known |= fresh
        read = {blob: _summary(value) for blob, value in known.items()}
        return {path: read[tree.files[path]] for path in paths}

    async def digests(self, tree: Tree, paths: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Path → symbol → hashes of its statements, for files that can be parsed.

        Raises:
            ToolError: the worker cannot be started or does not end in time.
        """
        keys = {path: self._digests_key(tree.files[path]) for path in paths}
        known = self.store.load(sorted(set(keys.values())))
        asked = [path for path in paths if keys[path] not in known]
        answers = await self._parse(tree.root, asked, digests=True)
        fresh = {keys[path]: value.get("digests") for path, value in answers.items()}
        self.store.save(fresh)
        known |= fresh
        return {path: known[key] for path, key in keys.items() if known[key] is not None}

    def _digests_key(self, blob: str) -> str:
        return f"{blob} {'with' if self.docstrings else 'without'} docstrings"

    async def _parse(self, root: str, paths: Sequence[str], *, digests: bool) -> dict[str, Any]:
        """Path → the worker's answer; a file on which the worker dies is unknown."""
        found: dict[str, Any] = {}
        left = list(paths)
        while left:
            request = {"root": root, "docstrings": self.docstrings}
            request["files"] = [(path, digests) for path in left]
            answers, crash = await self._ask(json.dumps(request).encode())
            found.update(zip(left, answers, strict=False))
            left = left[len(answers) :]
            if left:
                found[left.pop(0)] = {"summary": {"unknown": crash, "imports": []}}
        return found

    async def _ask(self, request: bytes) -> tuple[list[Any], str]:
        """The answers that came whole, and how the worker ended."""
        done = await self.programs.run(
            Command(
                argv=(sys.executable, "-I", "-S", "-c", _START, _FOLDER),
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


def _summary(value: Any) -> Summary:  # noqa: ANN401 - foreign JSON, checked by building it
    try:
        return Summary.of(value)
    except (KeyError, TypeError, ValueError) as error:
        raise ToolGarbled(f"the import index: {error!r}") from error
