"""A repository's mypy configuration: read, reduced to what is safe, written again as ours."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from configparser import Error as IniError
from configparser import RawConfigParser
from dataclasses import dataclass, field, replace
from pathlib import Path

import tomli_w

from reviewbot.analyzers.code.documents import Documents
from reviewbot.analyzers.mypy.options import GLOBAL, OURS, PER_MODULE, is_allowed
from reviewbot.review.analysis import Tree

Value = bool | str | list[str]
Section = Mapping[str, object]

_FILES = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
_SHARED = frozenset({"pyproject.toml", "setup.cfg"})
_LARGEST = 1 << 20
_OLDEST_MINOR = 10
_HERE = re.compile(r"\$\{?MYPY_CONFIG_FILE_DIR\}?/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What we pass on of a repository's configuration; equal when it has the same effect.

    Attributes:
        path: the file it stands in; None when there is none, and then our defaults apply.
        options: global options.
        modules: options by module pattern.
        targets: ``files`` of the configuration, globs that stay inside the tree.
        target_modules: ``packages`` and ``modules`` of the configuration.
        exclude: regular expressions of files that are left out; never evaluated in our process.
        notes: what was left out or could not be read, one line each.
    """

    path: str | None = field(default=None, compare=False)
    options: Mapping[str, Value] = field(default_factory=dict)
    modules: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    target_modules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def written(self, **added: Value) -> str:
        """The TOML text for ``--config-file``; `added` wins over the repository's options."""
        table: dict[str, object] = {**self.options, **added}
        if self.modules:
            table["overrides"] = [
                {"module": module, **section} for module, section in sorted(self.modules.items())
            ]
        return tomli_w.dumps({"tool": {"mypy": table}})


DEFAULT = Configuration(options={"check_untyped_defs": True})
"""For a repository without a configuration."""


def read_configuration(tree: Tree) -> Configuration:
    """The configuration that mypy would use in the root of a tree, reduced to what is safe.

    The first of ``mypy.ini``, ``.mypy.ini``, ``pyproject.toml`` and ``setup.cfg`` that has one; a
    file that cannot be read is passed over with a note, as mypy does.
    """
    broken: list[str] = []
    for path in _FILES:
        if path not in tree.files:
            continue
        try:
            document = _document(path, tree)
        except (OSError, ValueError, IniError) as error:
            broken.append(f"mypy: {path} cannot be read: {_one_line(error)}")
            continue
        if document is not None:
            found = _reduced(path, *document)
            break
    else:
        found = DEFAULT
    return replace(found, notes=(*broken, *found.notes))


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise ValueError("larger than 1 MiB")
    return path.read_text(encoding="utf-8")


def _document(path: str, tree: Tree) -> tuple[Section, Mapping[str, Section]] | None:
    """The global section and those of modules; None when the file is about something else."""
    if not path.endswith(".toml"):
        return _ini(path, _text(Path(tree.root, path)))
    found = Documents(tree=tree).tool(path, "mypy")
    return None if found is None else (found, _overrides(found))


def _ini(path: str, text: str) -> tuple[Section, Mapping[str, Section]] | None:
    parser = RawConfigParser()
    parser.read_string(text)
    if "mypy" not in parser and path in _SHARED:
        return None
    modules: dict[str, dict[str, object]] = {}
    for name in parser.sections():
        if name.startswith("mypy-"):
            for module in name.removeprefix("mypy-").split(","):
                modules.setdefault(module.strip(), {}).update(parser[name])
    return dict(parser["mypy"]) if "mypy" in parser else {}, modules


def _overrides(table: Section) -> Mapping[str, Section]:
    modules: dict[str, dict[str, object]] = {}
    overrides = table.get("overrides", [])
    for override in overrides if isinstance(overrides, list) else []:
        if isinstance(override, dict):
            options = {key: value for key, value in override.items() if key != "module"}
            for module in _split(override.get("module", [])):
                modules.setdefault(module, {}).update(options)
    return modules


def _reduced(path: str, table: Section, modules: Mapping[str, Section]) -> Configuration:
    dropped: set[str] = set()
    options = _kept({k: v for k, v in table.items() if k != "overrides"}, GLOBAL, dropped)
    sections = {name: _kept(section, PER_MODULE, dropped) for name, section in modules.items()}
    for key, repair in _REPAIRS.items():
        if key in options:
            repaired = repair(options.pop(key), dropped)
            options.update({key: repaired} if repaired else {})
    note = f"mypy: left out of {path}: {', '.join(sorted(dropped))}"
    return Configuration(
        path=path,
        options=options,
        modules={name: section for name, section in sections.items() if section},
        targets=tuple(each for each in _split(table.get("files", [])) if _is_inside(each)),
        target_modules=(*_split(table.get("packages", [])), *_split(table.get("modules", []))),
        exclude=_patterns(table.get("exclude", [])),
        notes=(note,) if dropped else (),
    )


def _kept(section: Section, allowed: frozenset[str], dropped: set[str]) -> dict[str, Value]:
    kept: dict[str, Value] = {}
    for key, raw in section.items():
        value = _value(raw)
        if value is not None and is_allowed(key, allowed):
            kept[key] = value
        elif key not in OURS:
            dropped.add(key)
    return kept


def _value(raw: object) -> Value | None:
    if isinstance(raw, bool | str):
        return raw
    if isinstance(raw, int | float):
        return str(raw)
    if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        return [str(each) for each in raw]
    return None


def _version(raw: Value, dropped: set[str]) -> str:
    """``3.x``, clamped to what mypy still knows; TOML reads a bare 3.10 as 3.1."""
    match = re.fullmatch(r"3\.(\d{1,2})", str(raw).strip())
    if match is None:
        dropped.add(f"python_version = {raw}")
        return ""
    return f"3.{max(int(match[1]), _OLDEST_MINOR)}"


def _search_path(raw: Value, dropped: set[str]) -> list[str]:
    """Relative directories inside the tree; our working directory is its root."""
    paths = [
        _HERE.sub("", each).removeprefix("./").rstrip("/")
        for each in _split(raw, separators="[,:]")
    ]
    dropped.update(f"mypy_path = {each}" for each in paths if not _is_inside(each))
    return [each for each in paths if each and _is_inside(each)]


_REPAIRS: Mapping[str, Callable[[Value, set[str]], Value]] = {
    "python_version": _version,
    "mypy_path": _search_path,
}


def _is_inside(path: str) -> bool:
    return not path.startswith(("/", "~")) and ".." not in path.split("/") and "$" not in path


def _split(raw: object, *, separators: str = ",") -> tuple[str, ...]:
    parts: Iterable[object] = re.split(separators, raw) if isinstance(raw, str) else ()
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        parts = raw
    return tuple(each.strip() for each in parts if isinstance(each, str) and each.strip())


def _patterns(raw: object) -> tuple[str, ...]:
    """An INI file has one pattern, over several lines when it is verbose; TOML may have a list."""
    if isinstance(raw, str):
        return (raw.strip(),) if raw.strip() else ()
    return _split(raw)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
