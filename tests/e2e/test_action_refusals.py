"""What the action and a pull request's address refuse: one line, its exit code, nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.step import Job, pull_request_event
from tests.e2e.workbench import Workbench
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request

Payload = dict[str, Any]


@pytest.fixture
def pull(hub: Hub) -> Opened:
    return open_pull_request(hub, BASE, BROKEN)


@pytest.mark.feature("Q09")
@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment", "workflow_run"])
def test_a_privileged_event_analyses_nothing_and_says_how_to_set_it_up(
    event: str, pull: Opened, tmp_path: Path
) -> None:
    payload: Payload = pull_request_event(pull)
    payload["action"] = "created"
    payload["issue"] = {"number": pull.number, "pull_request": {"url": "x"}}
    job = Job.create(tmp_path / "job", pull.hub, pull.hub.actions_token())

    stepped = job.step(event, payload, {"mode": "analyze"})

    assert stepped.ended.code == 2
    assert "not analysed under" in stepped.ended.err
    assert "workflow_run" in stepped.ended.err
    assert len(stepped.ended.err.splitlines()) == 1
    assert len(pull.hub.log) == 0


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"mode": "reveiw"}, "'reveiw' is none of review, analyze, publish"),
        ({"github_tokn": "x"}, "did you mean 'github-token'?"),
        ({"github_token": ""}, "pull-requests: write"),
        ({"fail_on": "sometimes"}, "never, blocking, incomplete"),
        ({"pull_request": "seven"}, "'seven' is no number"),
        ({"run_id": "-1"}, "is no number"),
        ({"deadline": "soon"}, "deadline"),
        ({"only": "lints"}, "no analysis 'lints'"),
        ({"config": "missing.yml"}, "missing.yml"),
    ],
)
def test_a_wrong_input_is_named(
    inputs: dict[str, str], said: str, pull: Opened, tmp_path: Path
) -> None:
    stepped = Job.create(tmp_path / "job", pull.hub, pull.hub.actions_token()).step(
        "pull_request", pull_request_event(pull), inputs
    )

    assert stepped.ended.code == 2, stepped.ended.err
    assert said in stepped.ended.err
    assert len(stepped.ended.err.splitlines()) == 1
    assert pull.hub.log.writes == []


@pytest.mark.parametrize(
    ("event", "spoil", "said"),
    [
        ("pull_request", lambda _: {}, "not what GitHub documents"),
        ("pull_request", lambda _: [], "not what GitHub documents"),
        ("push", lambda payload: payload, "push"),
        ("", lambda payload: payload, "no workflow step"),
    ],
    ids=["an empty object", "a list", "a push", "no event"],
)
def test_an_event_that_is_none_is_named(
    event: str, spoil: Callable[[Payload], object], said: str, pull: Opened, tmp_path: Path
) -> None:
    job = Job.create(tmp_path / "job", pull.hub, pull.hub.actions_token())

    stepped = job.step(event, spoil(pull_request_event(pull)))

    assert stepped.ended.code == 2, stepped.ended.err
    assert said in stepped.ended.err
    assert len(stepped.ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"), [("", "truncated"), ('{"action": "ope', "truncated"), (None, "No such file")]
)
def test_an_event_file_that_is_not_whole_is_named(
    text: str | None, said: str, pull: Opened, tmp_path: Path
) -> None:
    file = tmp_path / "spoilt.json"
    if text is not None:
        file.write_text(text)
    job = Job.create(
        tmp_path / "job", pull.hub, pull.hub.actions_token(), GITHUB_EVENT_PATH=str(file)
    )

    stepped = job.step("pull_request", {})

    assert stepped.ended.code == 2
    assert said in stepped.ended.err


@pytest.mark.parametrize(
    ("address", "token", "code", "said"),
    [
        ("{web}/demo/shapes/issues/1", "good", 2, "no address of a pull request"),
        ("{web}/demo/shapes/pull/999", "good", 2, "999"),
        ("{web}/demo/absent/pull/1", "good", 2, "demo/absent"),
        ("{web}/demo/shapes/pull/1", "wrong", 2, "token"),
        ("https://user:secret@evil.example/o/r/pull/1", "good", 2, "no address"),
        ("http://127.0.0.1:9/o/r/pull/1", "good", 4, "no answer"),
        ("ftp://x/o/r/pull/1", "good", 2, "no address of a pull request"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(
    address: str, token: str, code: int, said: str, pull: Opened, tmp_path: Path
) -> None:
    hub = pull.hub
    given = hub.actions_token() if token == "good" else "ghs_wrong"  # noqa: S105 - a word of the table
    ended = Workbench.create(tmp_path / "bin").run(
        *("review", address.format(web=hub.web)),
        cwd=tmp_path,
        secrets={"GITHUB_TOKEN": given, "GITHUB_API_URL": hub.api_url, "GITHUB_SERVER_URL": hub.web}
        if "127.0.0.1:9/" not in address
        else {},
    )

    assert ended.code == code, ended.err
    assert said in ended.err
    assert "secret" not in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", ".", "--post"), "--post needs a pull request"),
        (("review", "{url}", "--post"), "GITHUB_TOKEN"),
        (("review", "{url}", "--base", "main"), "--base"),
        (("review", "{url}", "--staged"), "--staged"),
    ],
)
def test_posting_asks_for_what_it_needs_before_it_works(
    arguments: tuple[str, ...], said: str, pull: Opened, tmp_path: Path
) -> None:
    words = [each.format(url=pull.url) for each in arguments]

    ended = Workbench.create(tmp_path / "bin").run(*words, cwd=tmp_path)

    assert ended.code == 2, ended.err
    assert said in ended.err
    assert len(pull.hub.log) == 0
