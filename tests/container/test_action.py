"""The action in its image, run by a runner, against GitHub on loopback."""

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from reviewbot.cli.inputs import REPORT
from tests.action.files import ACTION, read
from tests.container.as_runner import CANARY, Ended, Step, run
from tests.container.log import commands
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.repository import Repository

BASE = {
    "shapes.py": "def area(side: float) -> float:\n    return side * side\n",
    "price.py": "from shapes import area\n\n\ndef price() -> float:\n    return area(2) * 3\n",
}
HEAD = {
    "shapes.py": (
        "import os\n\n\n"
        "def area(side: float, unit: str) -> str:\n    return f'{side * side}{unit}'\n"
    )
}


@pytest.fixture
def pull(hub: Hub) -> Opened:
    """A pull request of a stranger that breaks a file it does not touch."""
    return open_pull_request(hub, BASE, HEAD, fork=True)


def _asked(pull: Opened, token: str, path: str = "") -> dict[str, Any]:
    """What GitHub says of the repository, or of something in it."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{pull.hub.api_url}/repos/{pull.repository.full_name}{path}",
        headers={
            "Authorization": f"Bearer {token}",
            "User-Agent": "test",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        found: dict[str, Any] = json.load(answer)
    return found


def _step(image: str, folder: Path, pull: Opened, event: dict[str, Any], **inputs: str) -> Step:
    """A step with all inputs as the runner gives them: what nobody set has its default."""
    (folder / "runner").mkdir(parents=True)
    (folder / "workspace").mkdir(exist_ok=True)
    declared = {name: each.get("default", "") for name, each in read(ACTION)["inputs"].items()}
    return Step(
        image=image,
        workspace=folder / "workspace",
        folder=folder / "runner",
        inputs=declared | {name.replace("_", "-"): value for name, value in inputs.items()},
        event=event,
        event_name="workflow_run" if "workflow_run" in event else "pull_request",
        repository=pull.repository.full_name,
        api_url=pull.hub.api_url,
    )


def _opened(pull: Opened) -> dict[str, Any]:
    """The payload of its opening, as far as it is read."""
    token = pull.hub.personal_token("octocat")
    shown = _asked(pull, token, f"/pulls/{pull.number}")
    return {
        "action": "opened",
        "number": pull.number,
        "pull_request": shown,
        "repository": _asked(pull, token),
        "sender": shown["user"],
    }


def _untouched(step: Step) -> bool:
    """Whether no later step has a variable, a path or a state of ours."""
    names = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")
    return not any(step.command_file(name).read_bytes() for name in names)


def _in_the_way_of_the_runner(step: Step) -> list[str]:
    """What it cannot remove: whatever lies in a directory that is not its own.

    A hosted runner is thrown away; one's own is used again, and is no root.
    """
    owner = step.runner_temp.stat().st_uid
    return [
        str(path)
        for top in (step.runner_temp, step.folder / "home", step.workspace)
        for path in top.rglob("*")
        if path.parent.stat().st_uid != owner
    ]


def _analysed(image: str, tmp_path: Path, pull: Opened) -> tuple[Step, Ended]:
    """The untrusted half, in a checkout of the head, with a token that opens nothing."""
    workspace = Repository.create(tmp_path / "analyze" / "workspace")
    workspace.commit(BASE)
    authorization = f"http.extraHeader=Authorization: Basic {_basic(pull.hub.actions_token())}"
    fetch = ("-c", authorization, "fetch", "-q", pull.clone_url)
    workspace.git(*fetch, "refs/heads/main", f"refs/pull/{pull.number}/head")
    workspace.git("checkout", "-q", pull.head)
    event = _opened(pull)
    step = _step(image, tmp_path / "analyze", pull, event, mode="analyze", github_token=CANARY)
    return step, run(step)


def _basic(token: str) -> str:
    script = f"printf x-access-token:{token} | base64 -w0"
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout


@pytest.mark.feature("G23", "G24")
def test_it_reviews_a_pull_request_without_a_checkout(
    image: str, tmp_path: Path, pull: Opened
) -> None:
    token = pull.hub.actions_token()
    step = _step(image, tmp_path, pull, _opened(pull), github_token=token)

    ended = run(step)

    assert ended.code == 0, ended.log
    assert ended.outputs["verdict"] == "REQUEST_CHANGES", ended.log
    assert set(ended.outputs) == set(read(ACTION)["outputs"])
    assert int(ended.outputs["introduced"]) >= 2
    assert ended.outputs["review-url"].startswith(pull.url)
    (review,) = pull.repository.reviews.values()
    assert review.state == "CHANGES_REQUESTED"
    assert "price.py" in ended.summary
    assert [path.name for path in step.workspace.iterdir()] == [REPORT]
    assert (step.workspace / REPORT).stat().st_mode & 0o044  # the next step is another user
    assert token not in ended.log + ended.summary
    assert CANARY not in ended.log + ended.summary
    assert _untouched(step)


@pytest.mark.feature("R09")
def test_blocked_then_mended_then_approved(image: str, tmp_path: Path, hub: Hub) -> None:
    approving = {**BASE, ".reviewbot.yml": "verdict: {approve: when_clean}\n"}
    pull = open_pull_request(hub, approving, HEAD)
    pull.repository.actions_approve = True
    told = []
    for name, files in {"blocked": {}, "mended": {"shapes.py": BASE["shapes.py"] + "\n"}}.items():
        if files:
            pull.push(files)
        step = _step(image, tmp_path / name, pull, _opened(pull), github_token=hub.actions_token())
        told.append(run(step).outputs["verdict"])

    states = [each.state for each in pull.repository.reviews.values()]

    assert told == ["REQUEST_CHANGES", "APPROVE"]
    assert states[-1] == "APPROVED"
    assert set(hub.by_key().values()) == {1}


def test_what_a_step_leaves_can_be_removed_by_a_runner_that_is_no_root(
    image: str, tmp_path: Path, pull: Opened
) -> None:
    step = _step(image, tmp_path, pull, _opened(pull), github_token=pull.hub.actions_token())
    assert run(step).code == 0
    assert _in_the_way_of_the_runner(step) == []


ODD = "##[add-mask]e"
SPEAKING = {
    "shapes.py": f'from typing import Literal\n\nx: Literal["a"] = "{ODD}"\n',
    "::set-output name=verdict::APPROVE.py": "import os\n",
    "##[stop-commands]x.py": "import os\nimport sys\n",
    "a\n::add-mask::e\n.py": "import os\n",
}


def test_no_name_and_no_message_of_a_change_is_a_command_of_the_log(
    image: str, tmp_path: Path, hub: Hub
) -> None:
    pull = open_pull_request(hub, BASE, SPEAKING, title="::add-mask::e", fork=True)
    step = _step(
        image,
        tmp_path,
        pull,
        _opened(pull),
        github_token=hub.actions_token(contents="read", pull_requests="read"),
    )

    ended = run(step)

    assert ODD in ended.log.replace("## [", "##["), ended.log
    obeyed = {name for name, _ in commands(ended.log)}
    assert obeyed <= {"error", "warning", "notice", "group", "endgroup"}, ended.log
    assert set(ended.outputs) == set(read(ACTION)["outputs"])
    assert ended.outputs["verdict"] != "APPROVE"


@pytest.mark.feature("G20")
def test_two_workflows_say_together_what_one_says(image: str, tmp_path: Path, pull: Opened) -> None:
    analyze, analysed = _analysed(image, tmp_path, pull)
    assert analysed.code == 0, analysed.log
    assert pull.hub.bodies() == [pull.issue.body or ""]
    assert CANARY not in analysed.log + analysed.summary

    report = (analyze.workspace / REPORT).read_bytes()
    left = pull.finished_run({REPORT: report})
    token = pull.hub.actions_token()
    shown = _asked(pull, pull.hub.personal_token("octocat"), f"/actions/runs/{left.id}")
    event = {
        "action": "completed",
        "workflow_run": shown,
        "repository": _asked(pull, token),
    }
    published = run(
        _step(
            image,
            tmp_path / "publish",
            pull,
            event,
            mode="publish",
            github_token=token,
            run_id=str(left.id),
        )
    )

    assert published.code == 0, published.log
    same = ("verdict", "introduced", "existing", "fixed", "errors", "complete")
    assert {name: published.outputs[name] for name in same} == {
        name: analysed.outputs[name] for name in same
    }
    assert pull.repository.reviews or pull.repository.comments
    assert token not in published.log + published.summary


@pytest.mark.feature("U09")
def test_its_findings_are_those_of_the_command_line_to_the_byte(
    image: str, tmp_path: Path, pull: Opened
) -> None:
    step, ended = _analysed(image, tmp_path, pull)
    assert ended.code == 0, ended.log
    mounted = ("--volume", f"{step.workspace}:/workspace", "--workdir", "/workspace")
    review = ("-I", "-m", "reviewbot", "review", "--base", pull.base, "--head", pull.head)
    entry = ("--entrypoint", "/usr/local/bin/python")
    desk = subprocess.run(
        [
            *("docker", "run", "--rm", "--network=none", "--env", "CI=true", *mounted, *entry),
            *(image, *review, "--format", "json", "--quiet"),
        ],
        capture_output=True,
        check=True,
    )
    there = json.loads((step.workspace / REPORT).read_bytes())
    here = json.loads(desk.stdout)
    assert json.dumps(there["findings"]) == json.dumps(here["findings"])
    assert there["findings"]
