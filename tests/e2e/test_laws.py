"""What holds for every review, whatever it finds."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cases import built, report, revert, review


@pytest.mark.feature("D04")
@pytest.mark.parametrize("case", ["moved_code", "reindented", "renamed_with_edit"])
def test_a_finding_keeps_its_id_wherever_its_code_goes(case: str, tmp_path: Path) -> None:
    made = built(case, tmp_path / "repository")
    when_new = report(made, "--base", made.root, "--head", made.base)
    when_old = report(made, "--base", made.base, "--head", made.head)
    assert _ids(when_new, "introduced") == _ids(when_old, "existing")


@pytest.mark.feature("E11")
@pytest.mark.parametrize("case", ["signature_change", "new_suppressions"])
def test_one_node_at_a_time_finds_the_same(case: str, tmp_path: Path) -> None:
    made = built(case, tmp_path / "repository")
    of_the_change = ("--base", made.base, "--head", made.head)
    one, four = (report(made, *of_the_change, "--max-parallel", number) for number in "14")
    assert _said(one) == _said(four)


@pytest.mark.feature("D08")
@pytest.mark.parametrize("case", ["signature_change", "renamed_with_edit", "new_file"])
def test_what_a_change_introduces_its_revert_fixes(case: str, tmp_path: Path) -> None:
    made = built(case, tmp_path / "repository")
    forth = report(made, "--base", made.base, "--head", made.head)
    back = report(made, "--base", made.head, "--head", revert(made))
    assert _places(forth, "introduced") == _places(back, "fixed")
    assert _places(forth, "fixed") == _places(back, "introduced") == []


@pytest.mark.parametrize("case", ["signature_change", "syntax_error_on_head"])
def test_a_second_review_says_the_same(case: str, tmp_path: Path) -> None:
    made = built(case, tmp_path / "repository")
    of_the_change = ("--base", made.base, "--head", made.head)
    cold, warm = (report(made, *of_the_change) for _ in range(2))
    assert _said(cold) == _said(warm)


@pytest.mark.feature("A13")
def test_without_settings_all_four_analyses_run(tmp_path: Path) -> None:
    made = built("tests_through_conftest", tmp_path / "repository")
    nodes = report(made, "--base", made.base, "--head", made.head)["nodes"]
    ended = {node["name"]: node["status"] for node in nodes}
    assert {ended.get(name) for name in ("lint", "types", "security", "tests")} == {"succeeded"}


@pytest.mark.feature("Q01")
def test_a_strangers_new_settings_are_named_and_not_in_force(tmp_path: Path) -> None:
    made = built("review_settings_on_head", tmp_path / "repository")
    told = report(made, "--base", made.base, "--head", made.head, "--untrusted")
    assert ".reviewbot.yml is changed; the base's settings are in force" in told["notes"]


def test_a_secret_is_found_and_not_said_again(tmp_path: Path) -> None:
    made = built("secret_added", tmp_path / "repository")
    done = review(made, "--base", made.base, "--head", made.head)
    assert b"secret-aws" in done.stdout
    assert b"AKIA4HD7XQ2MZB6TWN5P" not in done.stdout + done.stderr


def _ids(told: Any, change: str) -> list[str]:
    return sorted(row["id"] for row in told["findings"] if row["change"] == change)


def _places(told: Any, change: str) -> list[tuple[str, str, int]]:
    rows = [row for row in told["findings"] if row["change"] == change]
    return sorted((row["rule"], row["path"], row["line"]) for row in rows)


def _said(told: Any) -> list[Any]:
    """All that a review says but how long it took."""
    return [told[name] for name in ("findings", "counts", "groups", "not_reviewed", "verdict")]
