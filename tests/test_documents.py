"""What the documents say is what the program does."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from reviewbot.analyzers import ANALYZERS
from reviewbot.cli.app import app
from reviewbot.cli.exit_code import ExitCode
from reviewbot.settings import Settings
from reviewbot.settings.load import load_settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _marked(name: str, language: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```{language}\n(.*?)```\n<!-- end -->", README, re.DOTALL)
    assert found, f"the README has no part marked {name}"
    return found[1]


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~ ]", each, maxsplit=1)[0].lower() for each in requirements}


def test_the_readme_shows_the_settings_as_they_are_by_default() -> None:
    shown = load_settings(_marked("settings", "yaml"))

    assert (shown.version, shown.setup, shown.defaults, shown.verdict) == (
        Settings().version,
        Settings().setup,
        Settings().defaults,
        Settings().verdict,
    )
    assert (shown.publish, shown.follow_up) == (Settings().publish, Settings().follow_up)
    assert shown.analyses.types == Settings().analyses.types
    assert shown.analyses.security == Settings().analyses.security
    assert shown.analyses.tests == Settings().analyses.tests


def test_the_readme_lists_every_exit_code() -> None:
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == set(
        ExitCode
    )


@pytest.mark.parametrize(
    "line", sorted(set(re.findall(r"`(reviewbot [a-z]+[^`\n]*)`", README))), ids=str
)
def test_every_command_and_option_in_the_readme_exists(line: str) -> None:
    _, command, *words = line.split()
    shown = CliRunner().invoke(app, [command, "--help"])

    assert shown.exit_code == 0
    for option in (word for word in words if word.startswith("-")):
        assert re.search(rf"(?<![\w-]){re.escape(option)}\b", shown.output), option


def test_the_readme_names_every_option_of_a_review_or_leaves_it_to_help() -> None:
    every = {"review", "impact", "graph", "trace", "explain", "schema", "action", "config"}
    assert set(app.commands) == every


def test_the_readme_shows_the_workflow_that_is_there_to_copy() -> None:
    shown = _marked("workflow", "yaml").splitlines()[1:]
    example = (ROOT / "examples/workflows/simple.yml").read_text(encoding="utf-8").splitlines()

    assert shown == [line for line in example if not line.startswith("#")]


def test_the_two_commands_are_one_line_each() -> None:
    assert _marked("command: review", "sh").count("\n") == 1
    assert _marked("command: tests", "sh").count("\n") == 1


def test_the_architecture_says_why_each_dependency_is_there() -> None:
    table = ARCHITECTURE.partition("## Why each dependency is here")[2].partition("\n## ")[0]
    told = {
        name.strip()
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in row.split(",")
    }

    assert _names(PROJECT["project"]["dependencies"]) == told - {"dependency", "---"}
    assert all(name in table for name in _names(PROJECT["dependency-groups"]["dev"]))


def test_locked_requirements_are_hashed_and_name_no_index() -> None:
    for name in ("runtime.txt", "dev.txt"):
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        pinned = [line for line in lines if re.match(r"[a-z]", line)]

        assert pinned
        assert all("==" in line for line in pinned)
        assert not any("://" in line or line.startswith("-") for line in lines)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


def test_every_tool_a_user_can_choose_is_in_the_table() -> None:
    chosen = Settings().analyses
    wanted = {
        (node, tool)
        for node in ("lint", "types", "security", "tests")
        for settings in (getattr(chosen, node),)
        for tool in (settings.tool, *getattr(settings, "backups", ()))
    }

    assert wanted == set(ANALYZERS)
