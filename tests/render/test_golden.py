"""Every renderer, whole, against a file that is reviewed like code."""

from itertools import product
from pathlib import Path

import pytest

from reviewbot.render import RENDERERS, View
from tests.render.sample import LONG, REPORT

GOLDEN = Path(__file__).parents[1] / "golden" / "render"
VIEWS = {
    "plain": View(report=REPORT, sentence="the working tree against main"),
    "everything": View(report=REPORT, sentence="a against b", everything=True),
    "long": View(report=LONG, sentence="a against b"),
    "color": View(report=REPORT, sentence="a against b", color=True, width=90),
}


# Programs get every finding, however often it is said: that needs no picture.
PICTURES = [pair for pair in product(RENDERERS, VIEWS) if pair != ("json", "long")]


@pytest.mark.parametrize(("form", "view"), PICTURES)
def test_a_rendered_report_is_the_golden_one(
    form: str, view: str, request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / f"{view}.{form}.txt"
    rendered = RENDERERS[form](VIEWS[view])

    if request.config.getoption("--update-golden"):
        golden.write_text(rendered, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == rendered
