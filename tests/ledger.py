"""The ledger of features: its rows, the tests that name them, and which rows stand after a run."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "features.md"
_ROW = re.compile(r"^\| (?P<id>[A-Z]\d{2}) \| (?P<meaning>.+?) \| (?P<where>.+) \|$")
_PATH = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One promise: id, heading in the document, sentence, and the paths that keep it."""

    id: str
    theme: str
    meaning: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one test ended, and the rows it names."""

    features: tuple[str, ...]
    passed: bool


def rows(document: str) -> Iterator[Row]:
    """All rows of a document, under the second-level heading they stand under."""
    theme = ""
    for line in document.splitlines():
        if line.startswith("## "):
            theme = line.removeprefix("## ")
        elif found := _ROW.match(line):
            where = tuple(_PATH.findall(found["where"]))
            yield Row(id=found["id"], theme=theme, meaning=found["meaning"], where=where)


def named(source: str) -> Iterator[str]:
    """The ids that a test module names with ``pytest.mark.feature``, read without running it.

    Raises:
        TypeError: an id is no literal, so that nobody could look it up.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.feature":
            for argument in node.args:
                if not isinstance(argument, ast.Constant):
                    raise TypeError(f"line {node.lineno}: a feature is named by a literal")
                yield str(argument.value)


def modules() -> Iterator[Path]:
    """Every test module of the house; the projects under ``tests/repos`` are no tests of ours."""
    foreign = {ROOT / "tests" / name for name in ("repos", "golden", "hostile")}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if foreign.isdisjoint(path.parents):
            yield path


def standing(results: Iterable[Result]) -> frozenset[str]:
    """The ids with a test that passed and none that failed."""
    seen = [(feature, result.passed) for result in results for feature in result.features]
    failed = {feature for feature, passed in seen if not passed}
    return frozenset(feature for feature, passed in seen if passed) - failed


def tally(ledger: Iterable[Row], stand: frozenset[str]) -> Iterator[str]:
    """Lines for the terminal: how many rows stand, in all and per theme, and which do not."""
    all_rows = tuple(ledger)
    total = Counter(row.theme for row in all_rows)
    kept = Counter(row.theme for row in all_rows if row.id in stand)
    yield f"{kept.total()} of {total.total()} rows stand"
    for theme, count in total.items():
        open_ids = [row.id for row in all_rows if row.theme == theme and row.id not in stand]
        missing = f"  without: {' '.join(open_ids)}" if open_ids else ""
        yield f"  {theme}: {kept[theme]} of {count}{missing}"
