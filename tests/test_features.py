"""The document and the tests say the same: no row without a test, no test of an unknown row."""

from collections import Counter

import pytest

from tests.ledger import DOCUMENT, ROOT, Result, Row, modules, named, rows, standing, tally


@pytest.fixture(scope="module")
def ledger() -> tuple[Row, ...]:
    return tuple(rows(DOCUMENT.read_text(encoding="utf-8")))


def test_every_row_has_a_test_and_every_named_row_exists(ledger: tuple[Row, ...]) -> None:
    proven = {feature for path in modules() for feature in named(path.read_text(encoding="utf-8"))}
    assert {row.id for row in ledger} == proven


def test_every_id_stands_in_the_document_once(ledger: tuple[Row, ...]) -> None:
    assert [each for each, count in Counter(row.id for row in ledger).items() if count > 1] == []


def test_every_row_says_where_it_lives_and_that_place_exists(ledger: tuple[Row, ...]) -> None:
    nowhere = [row.id for row in ledger if not row.where]
    gone = [(row.id, path) for row in ledger for path in row.where if not (ROOT / path).exists()]
    assert (nowhere, gone) == ([], [])


def test_no_row_of_the_document_is_overlooked_by_its_reader(ledger: tuple[Row, ...]) -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and not line.startswith("| id |")]
    assert len(table) == len(ledger)


def test_marks_are_read_wherever_pytest_accepts_them() -> None:
    source = """
import pytest
pytestmark = pytest.mark.feature("A01")
@pytest.mark.feature("B01", "B02")
def test_one(): ...
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.feature("C01"))])
def test_two(x): "pytest.mark.feature('D01')"
"""
    assert sorted(named(source)) == ["A01", "B01", "B02", "C01"]


def test_an_id_that_is_computed_cannot_be_looked_up() -> None:
    with pytest.raises(TypeError, match="line 1"):
        list(named("pytest.mark.feature(NAME)"))


def test_a_row_stands_when_a_test_passed_and_none_failed() -> None:
    results = [
        Result(features=("A01", "A02"), passed=True),
        Result(features=("A02", "A03"), passed=False),
    ]
    assert standing(results) == {"A01"}


def test_the_tally_counts_per_theme_and_names_what_is_missing() -> None:
    document = "## Engine\n| E01 | a graph | `reviewbot` |\n| E02 | once | `reviewbot` |\n"
    assert list(tally(rows(document), frozenset({"E02"}))) == [
        "1 of 2 rows stand",
        "  Engine: 1 of 2  without: E01",
    ]
