"""Which of ruff's settings a project may decide: those that say what is a finding."""

from collections.abc import Callable, Mapping
from typing import Any


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_TOP = _words(
    "builtins exclude extend-exclude extend-include include indent-width line-length "
    "namespace-packages per-file-target-version preview src target-version"
)
_LINT = _words(
    "allowed-confusables dummy-variable-rgx exclude explicit-preview-rules extend-fixable "
    "extend-ignore extend-per-file-ignores extend-safe-fixes extend-select extend-unsafe-fixes "
    "external fixable flake8-annotations flake8-bandit flake8-boolean-trap flake8-bugbear "
    "flake8-builtins flake8-comprehensions flake8-copyright flake8-errmsg flake8-gettext "
    "flake8-implicit-str-concat flake8-import-conventions flake8-pytest-style flake8-quotes "
    "flake8-self flake8-tidy-imports flake8-type-checking flake8-unused-arguments "
    "future-annotations ignore isort logger-objects mccabe pep8-naming per-file-ignores preview "
    "pycodestyle pydoclint pydocstyle pyflakes pylint pyupgrade ruff select task-tags "
    "typing-extensions typing-modules unfixable"
)
_OURS = _words(
    "analyze cache-dir extend extension fix fix-only force-exclude format output-format "
    "output-prefer-rule-codes required-version respect-gitignore show-fixes show-source "
    "unsafe-fixes"
)
"""Settings about files, output and repairs: never the project's to decide here."""

_PATTERNS = _words(
    "exclude extend-exclude extend-include extend-per-file-ignores include namespace-packages "
    "per-file-ignores per-file-target-version src"
)

Section = Mapping[str, Any]


def allowed(section: Section) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What of ``[tool.ruff]`` may speak, and the names of unknown settings that may not.

    Lint settings of the old form, written at the top, move where they belong. ``lint.exclude``
    becomes ``extend-exclude``: ruff would list such a file under ``--show-files`` and then drop it.
    """
    lint = section.get("lint")
    lint = lint if isinstance(lint, dict) else {}
    old = {key: section[key] for key in section if key in _LINT - _TOP}
    kept = {key: value for key, value in section.items() if key in _TOP}
    kept["lint"] = {**old, **{key: value for key, value in lint.items() if key in _LINT}}
    if isinstance(left_out := kept["lint"].pop("exclude", None), list):
        kept["extend-exclude"] = [*kept.get("extend-exclude", ()), *left_out]
    unknown = [key for key in section if key not in _TOP | _LINT | _OURS | {"lint"}]
    unknown += [f"lint.{key}" for key in lint if key not in _LINT]
    return kept, tuple(sorted(unknown))


def rebased(section: Section, prefix: str) -> dict[str, Any]:
    """The same settings with path patterns that hold ``prefix`` directories further down.

    Patterns resolve against the directory ruff runs in, so an inherited configuration from
    another directory must say ``../tests/*`` where it said ``tests/*``. A pattern without a slash
    matches a name anywhere and stays.
    """
    if prefix == ".":
        return dict(section)
    moved = {key: _moved(key, value, prefix) for key, value in section.items()}
    moved["lint"] = {
        key: _moved(key, value, prefix) for key, value in section.get("lint", {}).items()
    }
    return moved


def _moved(key: str, value: object, prefix: str) -> object:
    if key not in _PATTERNS:
        return value

    def move(pattern: str) -> str:
        return _under(prefix, pattern, always=key == "src")

    return _each(value, move)


def _each(value: object, move: Callable[[str], str]) -> object:
    if isinstance(value, list):
        return [move(each) if isinstance(each, str) else each for each in value]
    if isinstance(value, dict):
        return {move(key): each for key, each in value.items()}
    return value


def _under(prefix: str, pattern: str, *, always: bool) -> str:
    negated, bare = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    if bare.startswith("/") or ("/" not in bare and not always):
        return pattern
    return f"{negated}{prefix}/{bare}"
