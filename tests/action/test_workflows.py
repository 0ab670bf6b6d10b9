"""Our workflows and those to be copied: valid, with least power, and nothing in them can move."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewbot.cli.inputs import ARTIFACT, NAMES, REPORT
from tests.action.files import ACTION, EXAMPLES, OWN, ROOT, WORKFLOWS, read, steps

BESIDE_PYTHON = Path(sys.executable).parent
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
USES = re.compile(r"^\s*(?:- )?uses: (.+)$", re.MULTILINE)
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def _example(name: str) -> dict[str, Any]:
    return read(ROOT / "examples" / "workflows" / f"{name}.yml")


def _ours(path: Path) -> dict[str, Any]:
    """The step of a workflow that is the action."""
    (found,) = (step for step in steps(path) if "/reviewbot@" in step.get("uses", ""))
    return found


def test_every_workflow_is_valid() -> None:
    checker = BESIDE_PYTHON / "check-jsonschema"
    subprocess.run([checker, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS], check=True)


@pytest.mark.feature("Q12")
def test_the_security_linter_has_nothing_to_say_beyond_what_is_explained() -> None:
    options = ("--offline", "--strict-collection", "--persona=pedantic", "--no-progress")
    linted = subprocess.run(
        [BESIDE_PYTHON / "zizmor", *options, ACTION, *WORKFLOWS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
    ignores = [
        line
        for path in WORKFLOWS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "zizmor: ignore" in line
    ]
    assert all(re.search(r"# zizmor: ignore\[[a-z-]+\] \w+ .+", line) for line in ignores)


@pytest.mark.feature("Q12")
@each_workflow
def test_every_action_is_named_by_its_commit(path: Path) -> None:
    used = USES.findall(path.read_text(encoding="utf-8"))
    local = {"./ # zizmor: ignore[self-repository]"}
    moving = [each for each in used if not PINNED.fullmatch(each)]
    assert [each for each in moving if not any(each.startswith(way) for way in local)] == []


@pytest.mark.feature("Q12")
def test_one_version_of_an_action_is_in_use() -> None:
    versions: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for used in USES.findall(path.read_text(encoding="utf-8")):
            name, _, version = used.partition("@")
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.feature("Q12")
def test_the_image_stands_on_a_digest_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^ARG BASE_IMAGE=[\w.:-]+@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE_IMAGE}"}
    assert "# syntax" not in text
    installs = re.findall(r"pip install (.+?)(?: \\)?$", text, re.MULTILINE)
    assert all("--require-hashes" in each or "--no-deps" in each for each in installs)
    for name in ("build.txt", "runtime.txt"):
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        pinned = [number for number, line in enumerate(lines) if not line.startswith(" ")]
        assert all("==" in lines[number] for number in pinned)
        assert all("--hash=sha256:" in lines[number + 1] for number in pinned)


@each_workflow
def test_a_checkout_leaves_no_credential_behind(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
            assert "allow-unsafe-pr-checkout" not in step["with"]


@each_workflow
def test_a_job_is_given_its_powers_one_by_one_with_a_time_limit(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert 0 < job["timeout-minutes"] <= 30


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_no_input_that_there_is_not(path: Path) -> None:
    assert set(_ours(path).get("with", {})) <= set(NAMES)


def test_the_untrusted_half_can_only_read_and_holds_no_secret() -> None:
    workflow = _example("analyze")
    (job,) = workflow["jobs"].values()
    assert workflow["on"].keys() == {"pull_request"}
    assert job["permissions"] == {"contents": "read"}
    assert "secrets." not in (ROOT / "examples" / "workflows" / "analyze.yml").read_text()


def test_the_trusted_half_runs_on_what_the_untrusted_one_leaves() -> None:
    analyze, publish = _example("analyze"), _example("publish")
    assert publish["on"]["workflow_run"]["workflows"] == [analyze["name"]]
    (upload,) = (
        step
        for step in analyze["jobs"]["analyze"]["steps"]
        if "upload-artifact@" in step.get("uses", "")
    )
    assert (upload["with"]["name"], upload["with"]["path"]) == (ARTIFACT, REPORT)
    assert upload["if"] == "always()"


def test_the_trusted_half_checks_nothing_out_and_runs_nothing_else() -> None:
    (step,) = _example("publish")["jobs"]["publish"]["steps"]
    assert step["with"]["mode"] == "publish"


def test_who_reviews_us_is_not_the_change() -> None:
    (path,) = (path for path in OWN if path.stem == "review")
    checkout, ours = steps(path)
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert ours["uses"] == "./"
