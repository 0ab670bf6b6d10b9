"""The versions that a review names and that its caches are kept under."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from reviewbot.analyzers.versions import tool_version


@pytest.mark.parametrize("name", ["ruff", "mypy", "bandit", "ty"])
def test_the_version_is_what_the_metadata_says(name: str) -> None:
    assert tool_version(name) == version(name)


def test_what_is_found_first_on_the_path_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wanted_more-9.dist-info").mkdir()
    (tmp_path / "wanted-1.2.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert tool_version("wanted") == "1.2"


def test_a_tool_that_is_not_installed_has_no_version() -> None:
    with pytest.raises(PackageNotFoundError):
        tool_version("nobody_has_this")
