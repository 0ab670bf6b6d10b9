"""Ten pushes to one pull request: no finding is said twice, nothing is written without a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.step import Job
from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request

RUN = BROKEN["shapes/run.py"]
CORE = BROKEN["shapes/core.py"]
SHIFTED: dict[str, str] = {"shapes/run.py": '"""Runs."""\n\n\n' + RUN}
RENAMED: dict[str, str | None] = {
    "shapes/run.py": None,
    "shapes/start.py": SHIFTED["shapes/run.py"],
}
MENDED = {"shapes/core.py": CORE.replace("import os\n\n\n", "")}
AGAIN = {"shapes/core.py": CORE}


def nothing(_pull: Opened) -> None:
    """The same head as before."""


def rebase(pull: Opened) -> None:
    """The base moves on and the head goes along."""
    pull.advance_base({"other.py": "x = 1\n"})
    pull.force_push({**BROKEN, **RENAMED})


def answer(pull: Opened) -> None:
    """A person asks back under our first comment."""
    client = Client(pull.hub.api_url, pull.hub.personal_token("ada"))
    first = min(pull.repository.review_comments)
    path = f"/repos/demo/shapes/pulls/{pull.number}/comments/{first}/replies"
    assert client.ask("POST", path, {"body": "Why not?"}).status == 201


Push = Callable[[Opened], object]
PUSHES: dict[str, Push] = {
    "opened": nothing,
    "lines shift": lambda pull: pull.push(SHIFTED),
    "a file that is none of ours": lambda pull: pull.push({"README.md": "Shapes\n"}),
    "a rename": lambda pull: pull.push(RENAMED),
    "mended": lambda pull: pull.push(MENDED),
    "the mending is reverted": lambda pull: pull.push(AGAIN),
    "a force-push": lambda pull: pull.force_push({**BROKEN, **RENAMED}),
    "a rebase": rebase,
    "the same head again": nothing,
    "a person answers": answer,
}


@pytest.mark.feature("G09")
@pytest.mark.timeout(180)
def test_each_finding_has_at_most_one_comment_ever(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    writes: dict[str, int] = {}
    for run, (name, push) in enumerate(PUSHES.items(), 1):
        push(pull)
        before = len(hub.log.writes)
        job = Job.create(tmp_path / f"job{run}", hub, hub.actions_token())
        stepped = job.review(pull, run=run, only="lint,security")
        assert stepped.ended.code == 0, (name, stepped.ended.out[-2000:])
        writes[name] = len(hub.log.writes) - before
        assert set(hub.by_key().values()) == {1}, (name, hub.by_key())

    assert writes["the same head again"] == 0, writes
    assert writes["a person answers"] == 0, writes
    assert writes["a file that is none of ours"] <= 3, writes
    kinds = [kind for kind, _ in hub.by_key()]
    assert kinds.count("summary") == 1
