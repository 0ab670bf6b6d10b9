"""The configuration that ruff would find for a file, taken from one tree and made harmless."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomli_w

from reviewbot.analyzers.code.documents import BrokenDocument, Document, Documents, table
from reviewbot.analyzers.ruff.settings import Section, allowed, rebased
from reviewbot.review.analysis import Tree

_NAMES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_LONGEST_CHAIN = 8

_DEFAULT: Section = {
    "lint": {
        "select": [
            *("E4", "E7", "E9", "F", "B", "PLE", "ASYNC1", "ASYNC2"),
            *("PLW0127", "PLW0128", "PLW0129", "PLW0133", "PLW0177", "PLW0711", "PLW1501"),
            *("RUF006", "RUF008", "RUF009", "RUF016", "RUF018"),
        ],
        "ignore": ["B008", "B028", "B904", "B905"],
    },
}
"""For a project that never chose: rules that find mistakes, none that is a matter of taste.

Ruff's own default of about 400 rules would tell a project how to spell what works. B008 contradicts
FastAPI's documented style; B028, B904 and B905 are habits.
"""
_OLDEST = "py310"
_EXCLUDED = frozenset(
    {
        *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints"),
        *(".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache"),
        *(".svn", ".tox", ".venv", ".vscode", "__pypackages__", "_build", "buck-out", "dist"),
        *("node_modules", "site-packages", "venv"),
    }
)
"""What ruff leaves out by itself. A name that is missing here is linted: the safe side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What ruff is given with ``--config``.

    Attributes:
        origin: path of the file it was made from; empty when the project has none.
        directory: where that file stands: ruff runs there, because patterns resolve against it.
        documents: TOML texts in the form of a pyproject.toml; each but the last extends the next
            one as ``../<index>/pyproject.toml``.
        versioned: whether the project says for which Python it is written.
        everything: whether files are linted that ruff would leave out by their names.
        notes: one line per thing that was not taken over; no part of equality.
    """

    origin: str = ""
    directory: str = ""
    documents: tuple[str, ...]
    versioned: bool
    everything: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)

    def may_exclude(self, files: Iterable[str]) -> bool:
        """Whether ruff must be asked which of the files it would leave out."""
        configured = any("exclude" in text for text in self.documents)
        named = any(not _EXCLUDED.isdisjoint(path.split("/")) for path in files)
        return (configured or named) and not self.everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Configurations:
    """The configurations of one tree, by directory."""

    documents: Documents
    _found: dict[str, Configuration] = field(default_factory=dict)
    _made: dict[tuple[str, str], Configuration] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Tree) -> "Configurations":
        """The configurations of a tree."""
        return cls(documents=Documents(tree=tree))

    def nearest(self, path: str) -> Configuration:
        """The configuration for a file: the closest directory above it that has one wins."""
        directory = posixpath.dirname(path)
        if directory not in self._found:
            self._found[directory] = self._make(directory)
        return self._found[directory]

    def _make(self, directory: str) -> Configuration:
        version = self._requires_python(directory)
        for each in _upwards(directory):
            for name in _NAMES:
                origin = posixpath.join(each, name)
                try:
                    if self._section(origin) is not None:
                        return self._once(origin, version)
                except BrokenDocument as error:
                    return default(version, f"{error}; our own rules were used instead")
        return default(version)

    def _once(self, origin: str, version: str) -> Configuration:
        """Most directories of a project have one configuration."""
        key = (origin, version)
        if key not in self._made:
            self._made[key] = self._from(origin, version)
        return self._made[key]

    def _from(self, origin: str, version: str) -> Configuration:
        directory = posixpath.dirname(origin)
        sections: list[Section] = []
        notes: list[str] = []
        for path, section in self._chain(origin, notes):
            kept, unknown = allowed(section)
            prefix = posixpath.relpath(posixpath.dirname(path) or ".", directory or ".")
            notes += [f"{path}: ruff's setting {key} is not known here" for key in unknown]
            sections.append(rebased(kept, prefix))
        return Configuration(
            origin=origin,
            directory=directory,
            documents=_texts(sections, version),
            versioned=bool(version) or any("target-version" in each for each in sections),
            notes=tuple(notes),
        )

    def _chain(self, origin: str, notes: list[str]) -> Iterator[tuple[str, Section]]:
        path, seen = origin, {origin}
        while (section := self._section(path)) is not None:
            yield path, section
            if "extend" not in section:
                return
            extended = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), str(section["extend"]))
            )
            usable = extended in self.documents.tree.files and extended not in seen
            if not usable or len(seen) == _LONGEST_CHAIN:
                notes.append(f"{path}: extend = {section['extend']!r} is not followed")
                return
            seen.add(extended)
            path = extended

    def _section(self, path: str) -> Document | None:
        if posixpath.basename(path) == "pyproject.toml":
            return self.documents.tool(path, "ruff")
        return self.documents.get(path)

    def _requires_python(self, directory: str) -> str:
        for each in _upwards(directory):
            try:
                document = self.documents.get(posixpath.join(each, "pyproject.toml"))
            except BrokenDocument:
                continue
            if (project := table(document, "project")) is not None:
                return str(project.get("requires-python", ""))
        return ""


def default(requires_python: str = "", *notes: str) -> Configuration:
    """Our own configuration, for a project that has none or whose own is not accepted."""
    section = _DEFAULT if requires_python else {**_DEFAULT, "target-version": _OLDEST}
    return Configuration(
        documents=(_text(section, requires_python),),
        versioned=bool(requires_python),
        notes=notes,
    )


def security() -> Configuration:
    """All S rules and nothing excluded, whatever the project says."""
    section = {"lint": {"select": ["S"]}, "target-version": _OLDEST}
    return Configuration(documents=(_text(section, ""),), versioned=False, everything=True)


def _upwards(directory: str) -> Iterator[str]:
    while directory:
        yield directory
        directory = posixpath.dirname(directory)
    yield ""


def _texts(sections: Sequence[Section], requires_python: str) -> tuple[str, ...]:
    last = len(sections) - 1
    extends = [{"extend": f"../{index + 1}/pyproject.toml"} for index in range(last)] + [{}]
    return tuple(
        _text({**section, **extend}, "" if index else requires_python)
        for index, (section, extend) in enumerate(zip(sections, extends, strict=True))
    )


def _text(section: Section, requires_python: str) -> str:
    document: dict[str, Any] = {"tool": {"ruff": section}}
    if requires_python:
        document["project"] = {"name": "project", "requires-python": requires_python}
    return tomli_w.dumps(_sorted(document))


def _sorted(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same table with its keys in order, so that equal settings are equal texts."""
    return {
        key: _sorted(each) if isinstance(each, dict) else each
        for key, each in sorted(value.items())
    }
