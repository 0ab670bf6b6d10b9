"""What a changed file that is no Python can reach: everything, those who mention it, or nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from posixpath import basename, dirname, splitext

from reviewbot.analyzers.impact.changed import everything
from reviewbot.analyzers.impact.names import Node
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.review.analysis import Tree
from reviewbot.review.diff import Diff, FileDiff, FileStatus

_EVERYTHING = {
    "the build or test configuration": (
        "pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", ".pytest.ini",
        "noxfile.py", "Makefile", "Dockerfile", ".coveragerc", "hatch.toml", "meson.build",
    ),
    "a list of dependencies": (
        "*.lock", "requirements*.txt", "requirements/*", "*requirements.txt", "constraints*.txt",
        "Pipfile", "environment.yml", "environment.yaml", "pylock*.toml",
    ),
    "continuous integration": (
        ".github/workflows/*", ".gitlab-ci.yml", ".travis.yml", "appveyor.yml", ".appveyor.yml",
        ".circleci/*", "azure-pipelines.yml", "Jenkinsfile",
    ),
    "native code": (
        "*.c", "*.cc", "*.cpp", "*.cxx", "*.h", "*.hpp", "*.pyx", "*.pxd", "*.pxi", "*.rs",
        "*.f", "*.f90", "*.so", "*.go",
    ),
}  # fmt: skip
_PROSE = ("*.md", "*.rst", "LICENSE*", "AUTHORS*", "NOTICE*", "CODEOWNERS", ".git*", ".editor*")
_PROSE_FOLDERS = ("docs", "doc", ".github")
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """What one changed file that is no Python adds.

    Attributes:
        path: the file.
        nodes: the symbols to start from as if they had changed.
        all: why every test is affected, or an empty string.
        reason: why it adds what it adds, for the reader.
    """

    path: str
    nodes: tuple[Node, ...] = ()
    all: str = ""
    reason: str = ""


def widenings(diff: Diff, tree: Tree, summaries: Mapping[str, Summary]) -> Iterator[Widening]:
    """One Widening per changed file that the symbol graph cannot judge."""
    sources: dict[str, str] = {}
    for file in diff.files:
        if kind := _kind(file.path):
            yield Widening(path=file.path, all=f"{file.path} changed: {kind}")
        elif file.path in summaries:
            continue
        else:
            sources = sources or _sources(tree, summaries)
            yield _data(file, sources, summaries)


def _kind(path: str) -> str:
    for kind, patterns in _EVERYTHING.items():
        if any(fnmatch(path, each) or fnmatch(basename(path), each) for each in patterns):
            return kind
    return ""


def _data(file: FileDiff, sources: Mapping[str, str], summaries: Mapping[str, Summary]) -> Widening:
    names = {basename(file.path), basename(file.old_path or file.path)}
    if found := _mentioning(names, sources):
        return _started(file, found, summaries, f"mentions {basename(file.path)}")
    if _is_prose(file.path):
        return Widening(path=file.path, reason="prose that no Python file mentions")
    stems = {splitext(name)[0] for name in names}
    stems = {stem for stem in stems if len(stem) >= _SHORTEST_STEM}
    if found := _mentioning(stems, sources):
        return _started(file, found, summaries, f"mentions {min(stems)}")
    folder = dirname(file.path)
    while folder:
        if beside := [path for path in summaries if dirname(path) == folder]:
            return _started(file, beside, summaries, f"is beside {basename(file.path)}")
        folder = dirname(folder)
    if file.status is FileStatus.ADDED or basename(file.path).startswith("."):
        return Widening(path=file.path, reason="no Python file mentions it")
    return Widening(path=file.path, all=f"{file.path} changed: it is not known who reads it")


def _started(
    file: FileDiff, paths: list[str], summaries: Mapping[str, Summary], reason: str
) -> Widening:
    nodes = tuple(node for path in paths for node in everything(path, summaries[path]))
    return Widening(path=file.path, nodes=nodes, reason=reason)


def _mentioning(names: set[str], sources: Mapping[str, str]) -> list[str]:
    if not names:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))
    return [path for path, text in sources.items() if pattern.search(text)]


def _sources(tree: Tree, summaries: Mapping[str, Summary]) -> dict[str, str]:
    return {
        path: Path(tree.root, path).read_text("utf-8", "replace")
        for path in summaries
        if path in tree.files
    }


def _is_prose(path: str) -> bool:
    first = path.partition("/")[0]
    named = any(fnmatch(basename(path), each) for each in _PROSE)
    return named or (first in _PROSE_FOLDERS and "/" in path) or fnmatch(path, "CHANGE*")
