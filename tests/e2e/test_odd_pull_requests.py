"""Pull requests of odd content: what cannot be looked at is said, and nothing of it is approved."""

import re
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE
from tests.e2e.step import Job
from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.scenario import open_pull_request
from tests.fakes.repository import Link

APPROVING = {".reviewbot.yml": "verdict: {approve: when_clean}\n"}
PICTURE = bytes(range(256)) * 4
HOSTILE = "shapes/::error::x @everyone `x` <img src=x>\t\x1b[31m.py"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "APPROVE"),
        ({"logo.png": PICTURE, "icon.gif": PICTURE}, "COMMENT"),
        ({"shapes/link.py": Link("/proc/self/environ")}, "COMMENT"),
        ({"shapes/hidden.py": "x = 1\n", ".gitattributes": "*.py -diff\n"}, "COMMENT"),
        ({f"docs/{number}.txt": "text\n" for number in range(3500)}, "COMMENT"),
    ],
    ids=["no file", "only pictures", "a link", "attributes that hide", "3,500 files"],
)
def test_no_approval_rests_on_what_nobody_looked_at(
    files: Files, said: str, hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE | APPROVING, files)
    pull.repository.actions_approve = True

    stepped = Job.create(tmp_path / "job", hub, hub.actions_token()).review(pull, only="lint")

    assert stepped.ended.code == 0, stepped.ended.err
    states = {each.state for each in pull.repository.reviews.values()}
    assert ("APPROVED" in states) <= (said == "APPROVE"), stepped.ended.out
    if said == "COMMENT":
        assert "Not reviewed" in stepped.ended.out


def test_a_hostile_name_is_shown_and_is_nothing_else(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, {HOSTILE: "import os\n"})

    stepped = Job.create(tmp_path / "job", hub, hub.actions_token()).review(pull, only="lint")

    assert stepped.ended.code == 0, stepped.ended.err
    assert stepped.outputs["introduced"] == "1"
    code = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")  # in which nothing is alive
    everything = code.sub("", "\n".join((*hub.bodies(), stepped.summary)))
    assert "@everyone" not in everything
    assert "<img" not in everything
    assert "\x1b" not in stepped.ended.out + everything
    log = stepped.ended.out.splitlines()
    commands = [line for line in log if line.lstrip().startswith("::") or "##[" in line]
    assert len(commands) == 2, commands  # ours: stop-commands, and its end
