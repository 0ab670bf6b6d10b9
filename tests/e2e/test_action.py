"""The action from an event to a posted review, against a GitHub that enforces its rules."""

import json
import socket
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN, MENDED
from tests.e2e.step import Job
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import open_pull_request

APPROVING = {".reviewbot.yml": "verdict: {approve: when_clean}\n"}
CREATING = ("pulls/create-review", "issues/create-comment", "checks/create")


@pytest.mark.feature("G16", "G25")
def test_one_run_is_one_review_one_summary_and_one_check_in_few_requests(
    hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)

    stepped = Job.create(tmp_path / "job", hub, hub.actions_token()).review(pull)

    assert stepped.ended.code == 0, stepped.ended.err
    assert [hub.log.operations[each] for each in CREATING] == [1, 1, 1]
    assert len(hub.log) <= 15, hub.log.operations
    assert set(hub.by_key().values()) == {1}
    assert stepped.outputs["verdict"] == "REQUEST_CHANGES"
    assert stepped.outputs["introduced"] == str(len(json.loads(stepped.report)["findings"]))
    assert stepped.outputs["review-url"].startswith(f"{pull.url}#pullrequestreview-")


@pytest.mark.feature("R09")
def test_blocked_then_mended_then_approved_leaves_no_block_of_ours(
    hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE | APPROVING, BROKEN)
    pull.repository.actions_approve = True
    blocked = Job.create(tmp_path / "first", hub, hub.actions_token()).review(pull, run=1)
    pull.push(MENDED)

    approved = Job.create(tmp_path / "second", hub, hub.actions_token()).review(pull, run=2)

    assert blocked.outputs["verdict"] == "REQUEST_CHANGES"
    assert approved.outputs["verdict"] == "APPROVE", approved.ended.out
    states = [each.state for each in pull.repository.reviews.values()]
    assert states[-1] == "APPROVED"
    assert "CHANGES_REQUESTED" not in states[1:] or states[0] == "DISMISSED"


@pytest.mark.feature("G28")
def test_without_the_right_to_write_everything_is_in_the_summary_of_the_run(
    hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    token = hub.actions_token(contents="read", pull_requests="read")

    stepped = Job.create(tmp_path / "job", hub, token).review(pull)

    assert stepped.ended.code == 0, stepped.ended.err
    assert hub.by_key() == {}
    assert "pull-requests: write" in stepped.summary
    for finding in json.loads(stepped.report)["findings"]:
        assert finding["path"] in stepped.summary
    assert "::error file=shapes/price.py" in stepped.ended.out


@pytest.mark.feature("E14", "Q07")
def test_nobody_but_the_forge_is_asked_anything(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0)
        proxy = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "http_proxy"), proxy)
        job = Job.create(
            tmp_path / "job", hub, hub.actions_token(), NO_PROXY="127.0.0.1", **proxies
        )

        assert job.review(pull).ended.code == 0

        with pytest.raises(BlockingIOError):
            elsewhere.accept()


@pytest.mark.feature("U09")
def test_the_local_command_says_the_same_to_the_byte(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    job = Job.create(tmp_path / "job", hub, hub.actions_token())
    stepped = job.review(pull)

    local = job.bench.run(
        *("review", pull.url, "--format", "json", "--quiet"),
        cwd=tmp_path,
        secrets={
            "GITHUB_TOKEN": job.token,
            "GITHUB_API_URL": hub.api_url,
            "GITHUB_SERVER_URL": hub.web,
        },
    )

    assert _timeless(local.out) == _timeless(stepped.report)


def _timeless(text: str) -> str:
    """The document without what a clock says."""
    found = json.loads(text)
    for each in (found, *found["nodes"]):
        clocked = {"seconds", "started", "critical_path_seconds"} & each.keys()
        each.update(dict.fromkeys(clocked, 0))
    return json.dumps(found, indent=2)
