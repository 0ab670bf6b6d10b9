"""Every renderer, whole, against a file that is reviewed like code."""

from pathlib import Path

import pytest

from reviewbot.render import RENDERERS, View
from tests.render.sample import REPORT

GOLDEN = Path(__file__).parents[1] / "golden" / "render"
VIEWS = {
    "plain": View(report=REPORT, sentence="the working tree against main"),
    "everything": View(report=REPORT, sentence="a against b", everything=True),
    "color": View(report=REPORT, sentence="a against b", color=True, width=90),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("form", RENDERERS)
def test_a_rendered_report_is_the_golden_one(
    form: str, view: str, request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / f"{view}.{form}.txt"
    rendered = RENDERERS[form](VIEWS[view])

    if request.config.getoption("--update-golden"):
        golden.write_text(rendered, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == rendered
