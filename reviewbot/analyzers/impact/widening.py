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
    "native code": (
        "*.c", "*.cc", "*.cpp", "*.cxx", "*.h", "*.hpp", "*.pyx", "*.pxd", "*.pxi", "*.rs",
        "*.f", "*.f90", "*.so", "*.go",
    ),
}  # fmt: skip
_PROSE = ("*.md", "*.rst", "LICENSE*", "AUTHORS*", "NOTICE*", "CODEOWNERS", ".git*", ".editor*")
_PROSE_FOLDERS = ("docs", "doc")
_CI = (
    *(".github/*", ".gitlab-ci.yml", ".travis.yml", "appveyor.yml", ".appveyor.yml"),
    *(".circleci/*", "azure-pipelines.yml", "Jenkinsfile", ".pre-commit-config.yaml"),
)
"""It decides where tests run, not what they do: the run here does not read it."""
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
    sources: dict[str, bytes] = {}
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


def _data(
    file: FileDiff, sources: Mapping[str, bytes], summaries: Mapping[str, Summary]
) -> Widening:
    names = {basename(file.path), basename(file.old_path or file.path)}
    stems = {stem for stem, _ in map(splitext, names) if len(stem) >= _SHORTEST_STEM}
    if found := _mentioning(names, sources):
        return _started(file, found, summaries, "mentions it")
    if reason := _harmless(file.path):
        return Widening(path=file.path, reason=reason)
    if found := _mentioning(stems, sources):
        return _started(file, found, summaries, f"mentions {min(stems)}")
    if found := _beside(file.path, summaries):
        return _started(file, found, summaries, "is in its folder")
    if file.status is FileStatus.ADDED or basename(file.path).startswith("."):
        return Widening(path=file.path, reason="no Python file mentions it")
    return Widening(path=file.path, all=f"{file.path} changed: it is not known who reads it")


def _beside(path: str, summaries: Mapping[str, Summary]) -> list[str]:
    """The Python files of the nearest folder that has any, below the root."""
    folder = dirname(path)
    while folder:
        if found := [each for each in summaries if dirname(each) == folder]:
            return found
        folder = dirname(folder)
    return []


def _started(
    file: FileDiff, paths: list[str], summaries: Mapping[str, Summary], reason: str
) -> Widening:
    nodes = tuple(node for path in paths for node in everything(path, summaries[path]))
    return Widening(path=file.path, nodes=nodes, reason=reason)


def _mentioning(names: set[str], sources: Mapping[str, bytes]) -> list[str]:
    if not names:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))
    # Nearly no file holds any of them, and finding plain bytes is a hundred times quicker.
    plain = [name.encode("utf-8", "replace") for name in names]
    maybe = (path for path, text in sources.items() if any(name in text for name in plain))
    return [path for path in maybe if pattern.search(sources[path].decode("utf-8", "replace"))]


def _sources(tree: Tree, summaries: Mapping[str, Summary]) -> dict[str, bytes]:
    return {path: Path(tree.root, path).read_bytes() for path in summaries if path in tree.files}


def _harmless(path: str) -> str:
    """Why a file that no Python file mentions reaches no test, or an empty string."""
    if any(fnmatch(path, each) for each in _CI):
        return "continuous integration, which no test reads"
    folder, _, below = path.partition("/")
    named = any(fnmatch(basename(path), each) for each in _PROSE) or fnmatch(path, "CHANGE*")
    in_folder = bool(below) and folder in _PROSE_FOLDERS
    return "prose that no Python file mentions" if named or in_folder else ""
