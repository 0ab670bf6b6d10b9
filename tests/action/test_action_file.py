"""What ``action.yml`` declares is what the program reads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewbot.cli.inputs import NAMES, Inputs, read_inputs
from tests.action.files import ACTION, ROOT, read

TAG = ROOT / ".ci" / "tag"
DIGEST = "sha256:" + "5d" * 32


def test_the_declaration_is_valid() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([checker, "--builtin-schema", "vendor.github-actions", ACTION], check=True)


def test_every_declared_input_is_read_and_every_input_that_is_read_is_declared() -> None:
    assert set(read(ACTION)["inputs"]) == set(NAMES)


def test_the_declared_defaults_are_those_of_the_program() -> None:
    given = {
        f"INPUT_{name.upper()}": declared["default"]
        for name, declared in read(ACTION)["inputs"].items()
        if name != "github-token"
    }
    assert read_inputs(given) == Inputs()


def test_the_token_of_the_workflow_is_used_unless_another_is_given() -> None:
    assert read(ACTION)["inputs"]["github-token"]["default"] == "${{ github.token }}"


def test_everything_is_described_in_full_sentences_or_none() -> None:
    declared = read(ACTION)
    described = [*declared["inputs"].values(), *declared["outputs"].values(), declared]
    assert all(re.fullmatch(r"\S.*[.]", each["description"], re.DOTALL) for each in described)


@pytest.mark.feature("G23")
def test_a_release_points_the_action_at_an_image_by_its_digest(tmp_path: Path) -> None:
    shown = subprocess.run(
        [TAG, "0.1.0", f"ghcr.io/o/reviewbot@{DIGEST}"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DRY_RUN": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "action.yml").write_text(shown.stdout, encoding="utf-8")
    released = read(tmp_path / "action.yml")

    assert released["runs"] == {
        "using": "docker",
        "image": f"docker://ghcr.io/o/reviewbot@{DIGEST}",
    }
    assert {**released, "runs": None} == {**read(ACTION), "runs": None}


def test_a_release_without_a_digest_is_refused() -> None:
    for image in ("ghcr.io/o/reviewbot:v1", "ghcr.io/o/reviewbot@sha256:5d", f"a b@{DIGEST}"):
        refused = subprocess.run(
            [TAG, "0.1.0", image],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "DRY_RUN": "1"},
            capture_output=True,
            check=False,
        )
        assert refused.returncode == 2
        assert refused.stdout == b""
