"""Accounting: every changed file is analysed or listed."""

import pytest

from reviewbot.review.accounting import is_prose, unaccounted
from reviewbot.review.analysis import Analysis, Coverage, NotReviewed
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.testing.fakes.texts import Texts


def _listed(path: str, *, coverage: Coverage | None = None) -> list[tuple[str | None, bool]]:
    change = Texts(before={path: "a\n"}, after={path: "b\n"})
    seen = Analysis(tool="ruff", tool_version="1", coverage=coverage or Coverage())
    return [(each.path, each.blocking) for each in unaccounted(change.diff, [seen], ())]


@pytest.mark.feature("R05")
@pytest.mark.parametrize(
    ("path", "blocking"),
    [
        ("README.md", False),
        ("docs/usage.rst", False),
        ("LICENSE", False),
        ("logo.PNG", False),
        ("notes.txt", False),
        ("requirements-dev.txt", True),
        ("deploy.yml", True),
        ("pyproject.toml", True),
        ("app.js", True),
        ("Dockerfile", True),
        ("a.py", True),
    ],
)
def test_a_file_that_nobody_read_is_listed_and_only_prose_is_no_hole(
    path: str, *, blocking: bool
) -> None:
    assert _listed(path) == [(path, blocking)]
    assert is_prose(path) is not blocking


def test_a_file_that_one_analysis_read_is_not_listed() -> None:
    assert _listed("a.py", coverage=Coverage(analyzed=("a.py",))) == []


def test_a_file_that_the_configuration_leaves_out_is_listed_without_a_hole() -> None:
    assert _listed("a.py", coverage=Coverage(excluded=("a.py",))) == [("a.py", False)]


def test_what_is_listed_already_is_not_listed_twice() -> None:
    change = Texts(before={}, after={"a.py": "b\n"})
    gap = NotReviewed(path="a.py", reason="too large")
    assert list(unaccounted(change.diff, [], [gap])) == []


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        (FileDiff(status=FileStatus.DELETED, path="a.yml", old_path="a.yml"), []),
        (
            FileDiff(status=FileStatus.RENAMED, path="b.yml", old_path="a.yml"),
            [("its content did not change", False)],
        ),
        (
            FileDiff(
                status=FileStatus.MODIFIED, path="a.bin", old_path="a.bin", unreadable="binary"
            ),
            [("binary", True)],
        ),
    ],
    ids=["deleted", "renamed", "binary"],
)
def test_a_file_without_readable_lines(file: FileDiff, wanted: list[tuple[str, bool]]) -> None:
    found = unaccounted(Diff(files=(file,)), [], ())
    assert [(each.reason, each.blocking) for each in found] == wanted


@pytest.mark.parametrize(("path", "blocking"), [("mypy.ini", False), ("pyproject.toml", True)])
def test_settings_of_tools_are_read_and_what_else_stands_beside_them_is_not(
    path: str, *, blocking: bool
) -> None:
    change = Texts(before={path: "a\n"}, after={path: "b\n"})
    (gap,) = unaccounted(change.diff, [], ())

    assert gap.blocking is blocking
    assert "settings" in gap.reason
