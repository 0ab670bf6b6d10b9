"""Whole reviews of small projects say exactly what is true about them, no less and no more."""

from pathlib import Path

import pytest

from tests.e2e.cases import (
    FOLDER,
    Repository,
    built,
    expected,
    patch,
    review,
    stage,
    uncommit,
)
from tests.e2e.table import remarks, side_by_side, told, wanted

CASES = (
    pytest.param("signature_change", marks=pytest.mark.feature("D01", "D02")),
    pytest.param("moved_code", marks=pytest.mark.feature("D05")),
    pytest.param("reindented", marks=pytest.mark.feature("D05")),
    pytest.param("renamed_with_edit", marks=pytest.mark.feature("D04")),
    pytest.param("one_more_of_the_same", marks=pytest.mark.feature("D08")),
    pytest.param("fixed", marks=pytest.mark.feature("D08")),
    pytest.param("star_import", marks=pytest.mark.feature("D06")),
    pytest.param("override_siblings", marks=pytest.mark.feature("D06")),
    pytest.param("mypy_settings_changed", marks=pytest.mark.feature("D07")),
    pytest.param("ruff_settings_changed", marks=pytest.mark.feature("D07")),
    "settings_cannot_hide",
    pytest.param("attribute_removed", marks=pytest.mark.feature("D02")),
    pytest.param("deleted_module", marks=pytest.mark.feature("D02")),
    pytest.param("renamed_module", marks=pytest.mark.feature("D02")),
    pytest.param("two_causes", marks=pytest.mark.feature("D02", "D06")),
    "broken_settings_on_head",
    "copied",
    "crlf",
    "empty_diff",
    "hostile_names",
    "new_file",
    "new_suppressions",
    "no_newline_at_end",
    "not_utf8",
    "only_deployment_files",
    "only_prose",
    "said_once",
    "secret_added",
    "security_moved",
    "shadows_the_library",
    "stub_beside_a_source",
    "symbolic_link",
    "syntax_error_on_base",
    "syntax_error_on_head",
    "tests_through_conftest",
    "two_projects",
)
IN_THE_WORKING_TREE = (
    "crlf",
    "deleted_module",
    "hostile_names",
    "new_file",
    "renamed_with_edit",
    "signature_change",
)
IN_THE_INDEX = ("new_file", "renamed_with_edit", "signature_change")
IN_A_PATCH = ("crlf", "deleted_module", "hostile_names", "not_utf8", "signature_change")
FROM_A_STRANGER = (
    pytest.param("review_settings_on_head", marks=pytest.mark.feature("Q01")),
    pytest.param("settings_cannot_hide", marks=pytest.mark.feature("Q01")),
    "broken_settings_on_head",
    "hostile_names",
    "new_suppressions",
    "signature_change",
    "symbolic_link",
)


@pytest.mark.parametrize("case", CASES)
def test_a_review_of_two_commits_says_what_is_true(case: str, tmp_path: Path) -> None:
    repository = built(case, tmp_path / "repository")
    _agree(case, repository, "--base", repository.base, "--head", repository.head)


@pytest.mark.parametrize("case", IN_THE_WORKING_TREE)
def test_a_review_of_the_working_tree_says_the_same(case: str, tmp_path: Path) -> None:
    repository = built(case, tmp_path / "repository")
    uncommit(repository)
    _agree(case, repository, "--base", repository.base)


@pytest.mark.feature("U08")
@pytest.mark.parametrize("case", IN_THE_INDEX)
def test_a_review_of_the_index_says_the_same(case: str, tmp_path: Path) -> None:
    repository = built(case, tmp_path / "repository")
    stage(repository)
    _agree(case, repository, "--staged")


@pytest.mark.feature("U08")
@pytest.mark.parametrize("case", IN_A_PATCH)
def test_a_review_of_a_patch_says_the_same(case: str, tmp_path: Path) -> None:
    repository = built(case, tmp_path / "repository")
    patch(repository, tmp_path / "change.patch")
    _agree(case, repository, "--diff-file", str(tmp_path / "change.patch"))


@pytest.mark.parametrize("case", FROM_A_STRANGER)
def test_a_review_of_a_strangers_change_says_what_is_true(case: str, tmp_path: Path) -> None:
    repository = built(case, tmp_path / "repository")
    _agree(case, repository, "--base", repository.base, "--head", repository.head, "--untrusted")


def test_no_case_is_forgotten() -> None:
    every = (*CASES, *FROM_A_STRANGER)
    named = {each if isinstance(each, str) else str(each.values[0]) for each in every}
    assert named == {each.name for each in FOLDER.iterdir()}


def _agree(case: str, repository: Repository, *arguments: str) -> None:
    table, done = expected(case), review(repository, *arguments)
    want, got = wanted(table), told(table, done)
    if want != got:
        both = side_by_side(want, got)
        pytest.fail(f"{table['shows']}\n{both}\n{remarks(done)}", pytrace=False)
