"""A repository small enough to read, and the files that most of them share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ONE = "def one():\n    return 1\n"
TWO = "def two():\n    return 2\n"
OTHER = "def test_nothing():\n    assert True\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A base, what the head changes in it (None deletes), and the tests that must be chosen.

    Every base also holds ``tests/test_other.py``, which nothing reaches.
    """

    base: Mapping[str, str]
    head: Mapping[str, str | None]
    chosen: tuple[str, ...] = ("tests/test_a.py",)
    renames: Mapping[str, str] = field(default_factory=dict)
    fallback: str | None = None

    @property
    def before(self) -> dict[str, str]:
        """All files of the base."""
        return {"tests/test_other.py": OTHER, **self.base}

    @property
    def after(self) -> dict[str, str]:
        """All files of the head."""
        files = self.before | dict(self.head)
        return {path: text for path, text in files.items() if text is not None}


def uses(statement: str, use: str) -> str:
    return f"{statement}\n\n\ndef test_it():\n    assert {use}\n"


PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/core.py": ONE + TWO,
    "tests/test_a.py": uses("from pkg.core import one", "one()"),
    "tests/test_b.py": uses("from pkg.core import two", "two()"),
}
CHANGED = {"pkg/core.py": "def one():\n    return 3\n" + TWO}
