"""Every snippet of the guide to the engine runs, in order, and prints what stands below it."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).parents[1] / "docs" / "engine.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_snippet_of_the_guide_prints_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {"__name__": "guide"}
    printed = ""
    shown = 0
    for language, text in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, GUIDE.name, "exec", dont_inherit=True), space)  # noqa: S102 - our own guide
            printed = out.getvalue()
        elif language == "yaml":
            space["YAML"] = text
        else:
            assert printed.strip() == text.strip()
            shown += 1
    assert shown >= 10
