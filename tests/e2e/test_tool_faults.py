"""Whatever a tool does, there is a review, a warning that names the node, and no lost neighbour."""

from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

FAULTS = {
    "missing": None,
    "hangs": "sleep 600",
    "aborts": "kill -ABRT $$",
    "segfaults": "kill -SEGV $$",
    "undocumented exit code": "exit 77",
    "garbage": "echo '<html>502 Bad Gateway</html>'",
    "nothing": "exit 0",
    "NaN": "echo NaN",
    "truncated": """printf '[{"code": "F401", "mess'""",
    "wrong schema": """echo '{"results": 3, "errors": "no"}'""",
    "a gigabyte": "yes | head -c 1000000000",
    "floods stderr": "yes error | head -c 3000000 >&2; exit 3",
    "leaves a daemon": "(setsid sleep 600 &) ; exit 0",
}
# The tool under fault, its node, and a neighbour whose findings must not change.
NODES = {"ruff": ("lint", "security"), "bandit": ("security", "lint"), "mypy": ("types", "lint")}
HEAD = {
    "shop/__init__.py": "",
    "shop/run.py": (
        "import os\nimport subprocess\n\n\ndef run(text: str) -> int:\n"
        "    subprocess.call(text, shell=True)\n    return text\n"
    ),
    ".reviewbot.yml": (
        "defaults: {timeout: 2s, retry: {attempts: 1}}\nanalyses: {types: {timeout: 20s}}\n"
    ),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository.create(tmp_path_factory.mktemp("faults") / "repository")
    made.commit({"shop/__init__.py": "", ".reviewbot.yml": HEAD[".reviewbot.yml"]})
    made.commit(HEAD)
    return made


@pytest.mark.feature("E44", "E57", "R02", "R03", "R04", "R05")
@pytest.mark.parametrize("tool", NODES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_tool_costs_its_own_findings_and_is_named(
    fault: str, tool: str, repository: Repository, tmp_path: Path
) -> None:
    node, neighbour = NODES[tool]
    bench = Workbench.create(tmp_path / "bin", {tool: FAULTS[fault]})
    if fault == "hangs":
        (repository.root / ".reviewbot.yml").write_text(
            f"defaults: {{retry: {{attempts: 1}}}}\nanalyses: {{{node}: {{timeout: 1s}}}}\n"
        )
    ended = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", "--format", "json"),
        *("--only", f"{node},{neighbour}", "--quiet"),
    )
    repository.git("checkout", "-q", ".")

    assert ended.code == 0, ended.err
    assert ended.node(node)["status"] not in {"succeeded", "cached"}
    assert any(warning.startswith(node) for warning in ended.report["warnings"])
    assert ended.report["verdict"]["decision"] != "APPROVE"
    rules = {each["rule"] for each in ended.report["findings"] if each["node"] == neighbour}
    assert rules == ({"F401"} if neighbour == "lint" else {"B404", "B602"})


@pytest.mark.feature("E48", "A06")
def test_when_both_scanners_are_gone_the_patterns_answer(
    repository: Repository, tmp_path: Path
) -> None:
    bench = Workbench.create(tmp_path / "bin", {"bandit": None, "ruff": "kill -SEGV $$"})

    ended = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", "--only", "security"),
        *("--format", "json", "--quiet"),
    )

    assert ended.node("security")["status"] == "rerouted"
    assert "patterns" in ended.node("security")["tool_version"]
    assert [each["tool"] for each in ended.report["findings"]] == ["patterns"]


@pytest.mark.feature("R05")
def test_a_review_in_which_every_analyzer_failed_is_no_success(
    repository: Repository, tmp_path: Path
) -> None:
    bench = Workbench.create(tmp_path / "bin", {"ruff": "exit 77"})

    ended = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", "--only", "lint"),
        *("--format", "json", "--quiet"),
    )

    assert ended.code == 4
    assert ended.report["verdict"]["decision"] == "COMMENT"
    assert not ended.report["verdict"]["complete"]
