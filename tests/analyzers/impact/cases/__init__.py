"""Repositories small enough to read, one per rule of the selection."""

from tests.analyzers.impact.cases.case import Case
from tests.analyzers.impact.cases.classes import CLASSES
from tests.analyzers.impact.cases.files import FILES, WIDE
from tests.analyzers.impact.cases.fixtures import FIXTURES
from tests.analyzers.impact.cases.imports import IMPORTS
from tests.analyzers.impact.cases.strings import STRINGS

__all__ = ["CASES", "Case"]

CASES = {
    f"{group}: {name}": case
    for group, cases in (
        ("imports", IMPORTS),
        ("classes", CLASSES),
        ("strings", STRINGS),
        ("fixtures", FIXTURES),
        ("files", FILES),
        ("wide", WIDE),
    )
    for name, case in cases.items()
}
