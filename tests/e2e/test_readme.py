"""What the README shows is what the program prints."""

import re
from pathlib import Path

from tests.e2e.cases import ROOT, built
from tests.e2e.workbench import Workbench


def test_the_sample_of_the_readme_is_printed_for_that_change(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- sample -->\n```text\n(.*?)```", readme, re.DOTALL)
    repository = built("signature_change", tmp_path / "repository")
    ended = Workbench.create(tmp_path / "bin").run(
        *("review", str(repository.path), "--base", repository.base, "--head", repository.head),
        "--quiet",
    )

    assert shown is not None
    for part in shown[1].split("\n\n"):
        assert part.strip("\n") in ended.out
