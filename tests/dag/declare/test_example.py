"""The worked example is what it says: it loads, runs, fails over, and goes to JSON and back."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewbot.dag.declare.data import written
from reviewbot.dag.declare.load import load, load_data
from reviewbot.dag.error import GraphError
from reviewbot.dag.run import Run, Status

EXAMPLE = Path(__file__).parents[3] / "examples" / "graphs" / "five_nodes.py"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLE))


def test_it_runs_as_a_program() -> None:
    said = subprocess.run([sys.executable, EXAMPLE], check=True, capture_output=True, text=True)
    assert said.stdout.splitlines()[-2:] == [
        "request_changes succeeded",
        "approve skipped (condition not met: merge.verdict is 'fine')",
    ]


@pytest.mark.anyio
@pytest.mark.feature("E15")
async def test_the_graph_is_what_the_document_declares(example: dict[str, Any]) -> None:
    graph = example["declared"]().graph
    assert dict(graph.needs) == {
        "lint": (),
        "types": (),
        "hunks": (),
        "explain": ("hunks", "lint"),
        "merge": ("lint", "types", "explain"),
        "title": ("merge",),
        "request_changes": ("title", "merge"),
        "approve": ("title", "merge"),
    }


@pytest.mark.anyio
async def test_one_that_fails_is_stood_in_for_and_the_review_goes_on(
    example: dict[str, Any],
) -> None:
    change = example["Change"](title="", lines=("x = 1", "    print(x)"))
    found: Run = await example["reviewed"](change)
    assert found.outcomes["lint"].status is Status.REROUTED
    assert found.outcomes["types"].status is Status.SKIPPED
    assert found.value("merge").missing == (
        "types skipped (condition not met: change.added_lines > 3)",
    )
    assert found.value("explain").values == ("", "Why this?     print(x)")
    assert found.value("request_changes") == ": 1 findings, please look again"
    assert found.spent == {"usd": pytest.approx(0.02)}


@pytest.mark.feature("S21")
def test_it_goes_to_json_and_back(example: dict[str, Any]) -> None:
    graph = example["declared"]().graph
    data = json.loads(json.dumps(written(graph, example["REGISTRY"])))
    assert load_data(data, example["REGISTRY"]).graph == graph


@pytest.mark.feature("E27")
def test_mistakes_in_it_are_told_by_line(example: dict[str, Any]) -> None:
    text = example["DOCUMENT"].read_text(encoding="utf-8")
    for right, wrong in (
        ("use: types", "use: type"),
        ("change.added_lines > 3", "change.added_line > 3"),
        ("fine: approve", "fin: approve"),
        ("timeout: 60s", "timout: 60s"),
        ("{{ merge.count }}", "{{ merge.counts }}"),
    ):
        text = text.replace(right, wrong)
    with pytest.raises(GraphError) as caught:
        load(text, example["REGISTRY"], name="five_nodes.yml")
    assert caught.value.problems == (
        "five_nodes.yml:15: unknown key nodes.lint.timout; did you mean 'timeout'?",
        "five_nodes.yml:21: unknown kind 'type'; did you mean 'types'?",
        "five_nodes.yml:22: Change has no 'added_line'; did you mean 'added_lines'?",
        "five_nodes.yml:39: Review has no 'counts'; did you mean 'count'?",
        "five_nodes.yml:45: branch 'merge.verdict' maps no 'fine'",
        "five_nodes.yml:49: Literal['blocked', 'fine'] never answers 'fin'; did you mean 'fine'?",
    )
