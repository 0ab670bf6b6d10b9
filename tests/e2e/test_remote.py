"""A pull request by its address, from one's own machine."""

from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.workbench import Ended, Workbench
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request

QUICK = ("--only", "lint,security", "--quiet")


def reviewed(pull: Opened, folder: Path, *more: str, token: str = "") -> Ended:
    hub = pull.hub
    secrets = {"GITHUB_API_URL": hub.api_url, "GITHUB_SERVER_URL": hub.web}
    folder.mkdir(exist_ok=True)
    return Workbench.create(folder / "bin").run(
        *("review", pull.url, *QUICK, *more),
        cwd=folder,
        secrets={**secrets, "GITHUB_TOKEN": token} if token else secrets,
    )


@pytest.mark.feature("U07")
def test_nothing_is_written_unless_it_is_asked_for(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)

    dry = reviewed(pull, tmp_path / "dry", token=hub.personal_token("reviewer"))

    assert dry.code == 0, dry.err
    assert "shapes/run.py" in dry.out
    assert "with --post: a review: COMMENT with 2 comments" in dry.err
    assert hub.log.writes == []


@pytest.mark.feature("U07")
def test_what_is_posted_is_what_was_shown(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)

    posted = reviewed(pull, tmp_path / "wet", "--post", token=hub.personal_token("reviewer"))

    assert posted.code == 0, posted.err
    assert "SubmitReview: done" in posted.err
    (review,) = pull.repository.reviews.values()
    assert review.user.login == "reviewer"


def test_one_s_own_pull_request_is_commented_and_neither_approved_nor_blocked(
    hub: Hub, tmp_path: Path
) -> None:
    broken = {**BROKEN, "shapes/bad.py": "def f() -> int:\n    return undefined\n"}
    pull = open_pull_request(hub, BASE, broken, author="ada")

    posted = reviewed(pull, tmp_path / "own", "--post", token=hub.personal_token("ada"))

    assert posted.code == 0, posted.err
    assert "REQUEST_CHANGES" in posted.out
    assert [each.state for each in pull.repository.reviews.values()] == ["COMMENTED"]


def test_a_public_pull_request_is_read_without_a_token(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, private=False)

    read = reviewed(pull, tmp_path / "public")

    assert read.code == 0, read.err
    assert "shapes/run.py" in read.out
    assert hub.log.writes == []
