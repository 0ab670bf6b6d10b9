"""What an event asks for; published payloads, derived ones, and broken ones."""

import os
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.github.decision import (
    Checking,
    Decision,
    Ignored,
    Publishing,
    Refused,
    Reviewing,
)
from reviewbot.github.event import Mode, decide
from tests.github.examples import (
    by_a_bot,
    derived,
    forked,
    names,
    on_a_pull_request,
    orphaned,
    published,
    started_by_a_pull_request,
    with_input,
)
from tests.github.mutation import mutated

REPOSITORY = "Codertocat/Hello-World"
HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
REVIEWED = ["opened", "reopened", "ready_for_review", "synchronize"]


@pytest.mark.feature("G01")
@pytest.mark.parametrize("action", REVIEWED)
def test_a_new_or_changed_pull_request_is_reviewed(action: str) -> None:
    found = decide("pull_request", published(f"pull_request.{action}"))
    assert isinstance(found, Reviewing)
    assert (found.repository, found.number, found.sender) == (REPOSITORY, 2, "Codertocat")
    assert found.pull is not None
    assert (found.pull.base_ref, found.pull.is_fork, found.sender_is_bot) == (
        "master",
        False,
        False,
    )


@pytest.mark.feature("G01")
@pytest.mark.parametrize("name", [each for each in names() if each.startswith("pull_request.")])
def test_any_other_action_is_none_of_our_business(name: str) -> None:
    found = decide("pull_request", published(name))
    action = name.partition(".")[2]
    assert isinstance(found, Reviewing if action in REVIEWED else Ignored)


@pytest.mark.feature("G01")
def test_a_pull_request_that_goes_somewhere_else_now_is_reviewed_anew() -> None:
    payload = published("pull_request.opened")
    payload |= {"action": "edited", "changes": {"title": {"from": "x"}}}
    assert isinstance(decide("pull_request", payload), Ignored)
    payload["changes"]["base"] = {"ref": {"from": "main"}}
    assert isinstance(decide("pull_request", payload), Reviewing)


@pytest.mark.feature("E42")
def test_taking_the_hold_off_starts_a_review_and_no_other_label_does() -> None:
    payload = published("pull_request.unlabeled")
    assert isinstance(decide("pull_request", payload), Ignored)
    payload["label"] = {**payload["label"], "name": "reviewbot:hold"}
    assert isinstance(decide("pull_request", payload), Reviewing)
    payload["action"] = "labeled"
    assert isinstance(decide("pull_request", payload), Ignored)


@pytest.mark.feature("G31")
def test_the_commit_under_review_is_the_head_and_never_the_merge_commit() -> None:
    payload = published("pull_request.opened")
    found = decide("pull_request", payload)
    assert isinstance(found, Reviewing)
    assert found.pull is not None
    assert found.pull.head == HEAD == payload["pull_request"]["head"]["sha"]
    payload["pull_request"]["merge_commit_sha"] = "0" * 40
    assert decide("pull_request", payload) == found


@pytest.mark.feature("G01")
def test_of_a_draft_nothing_but_the_summary_is_written() -> None:
    payload = published("pull_request.opened")
    payload["pull_request"]["draft"] = True
    found = decide("pull_request", payload)
    assert isinstance(found, Reviewing)
    assert found.quiet == "it is a draft"


def test_a_fork_that_is_gone_is_still_a_fork() -> None:
    for change in (forked, orphaned):
        found = decide("pull_request", change(published("pull_request.opened")))
        assert isinstance(found, Reviewing)
        assert found.pull is not None
        assert found.pull.is_fork


def test_bots_are_told_from_people() -> None:
    found = decide("pull_request", by_a_bot(published("pull_request.opened")))
    assert isinstance(found, Reviewing)
    assert found.pull is not None
    assert found.sender_is_bot
    assert found.pull.author_is_bot


@pytest.mark.feature("G01")
def test_the_merge_queue_asks_about_a_range_of_commits() -> None:
    payload = published("merge_group.checks_requested")
    found = decide("merge_group", payload)
    group = payload["merge_group"]
    assert found == Checking(
        repository=payload["repository"]["full_name"],
        base=group["base_sha"],
        head=group["head_sha"],
    )
    assert isinstance(decide("merge_group", payload | {"action": "destroyed"}), Ignored)


@pytest.mark.feature("G01")
@pytest.mark.parametrize(
    ("run", "kind"),
    [
        ({"conclusion": "success"}, Publishing),
        ({"conclusion": "failure"}, Publishing),
        ({"conclusion": "cancelled"}, Ignored),
        ({"conclusion": "action_required"}, Ignored),
        ({"event": "push"}, Ignored),
    ],
)
def test_a_run_that_found_something_out_is_published(
    run: dict[str, object], kind: type[Decision]
) -> None:
    payload = started_by_a_pull_request(published("workflow_run.completed"), **run)
    found = decide("workflow_run", payload)
    assert isinstance(found, kind)
    if isinstance(found, Publishing):
        assert found.run == payload["workflow_run"]["id"]


@pytest.mark.feature("G01")
@pytest.mark.parametrize(
    "value",
    ["1347", "#1347", " 1347 ", "octo-org/octo-repo#1347", "https://github.com/{}/pull/1347"],
)
def test_a_pull_request_can_be_named_by_hand(value: str) -> None:
    payload = published("workflow_dispatch")
    repository = payload["repository"]["full_name"]
    named = value.format(repository).replace("octo-org/octo-repo", repository)
    found = decide("workflow_dispatch", with_input(payload, named))
    assert isinstance(found, Reviewing)
    assert (found.repository, found.number, found.pull) == (repository, 1347, None)


@pytest.mark.parametrize("value", [None, "", "x", "0", "-1", "o/r#1", 7, True, "9" * 400, [1]])
def test_what_is_not_one_of_our_pull_requests_is_refused(value: object) -> None:
    found = decide("workflow_dispatch", with_input(published("workflow_dispatch"), value))
    assert isinstance(found, Refused)
    assert found.exit == 2


@pytest.mark.feature("Q09")
@pytest.mark.parametrize(
    ("event", "payload", "mode"),
    [
        ("pull_request_target", published("pull_request.opened"), "auto"),
        ("pull_request_target", published("pull_request.opened"), "analyze"),
        ("pull_request_target", published("pull_request.opened"), "publish"),
        ("workflow_run", derived()["workflow_run pull"], "analyze"),
        ("issue_comment", derived()["issue_comment pull"], "auto"),
        ("issue_comment", derived()["issue_comment pull"], "analyze"),
    ],
)
def test_no_code_is_analysed_where_there_is_a_token_that_writes(
    event: str, payload: Any, mode: Mode
) -> None:
    found = decide(event, payload, mode=mode)
    assert isinstance(found, Refused)
    assert found.exit == 2
    assert event in found.reason
    assert "pull_request without secrets" in found.hint
    assert "workflow_run" in found.hint


@pytest.mark.feature("Q09")
def test_the_half_that_publishes_runs_under_workflow_run_only() -> None:
    found = decide("pull_request", published("pull_request.opened"), mode="publish")
    assert isinstance(found, Refused)


@pytest.mark.feature("G30")
def test_comments_of_bots_and_ours_among_them_start_nothing() -> None:
    payload = by_a_bot(on_a_pull_request(published("issue_comment.created")))
    assert isinstance(decide("issue_comment", payload), Ignored)
    assert isinstance(decide("issue_comment", published("issue_comment.created")), Ignored)


@pytest.mark.parametrize("event", ["push", "schedule", "", "pull_request_review", "__class__"])
def test_an_event_without_a_pull_request_is_refused_by_name(event: str) -> None:
    found = decide(event, {})
    assert isinstance(found, Refused)
    assert event in found.reason


WHOLE = {**{name: published(name) for name in names()}, **derived()}


@pytest.mark.feature("G01")
@pytest.mark.parametrize("seed", [int(os.environ.get("PAYLOAD_SEED", "1"))])  # noqa: TID251 - a search by hand
def test_a_broken_payload_is_a_decision_or_a_refusal_that_says_why(seed: int) -> None:
    """``PAYLOADS=10000 PAYLOAD_SEED=7 pytest tests/github/test_event.py`` tries many more."""
    rng = random.Random(seed)  # noqa: S311 - a test's choice
    for _ in range(int(os.environ.get("PAYLOADS", "300"))):  # noqa: TID251 - a search by hand
        name = rng.choice(sorted(WHOLE))
        event = name.partition(".")[0].partition(" ")[0]
        found = decide(event, mutated(WHOLE[name], rng))
        assert isinstance(found, Decision)
        assert getattr(found, "reason", "").isprintable()


@given(
    st.sampled_from(["pull_request", "workflow_run", "workflow_dispatch", "issue_comment"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["action", "pull_request", "repository"]), inner)
        ),
    ),
)
@settings(max_examples=30)
def test_what_is_no_payload_at_all_is_refused(event: str, payload: object) -> None:
    assert isinstance(decide(event, payload), Refused)
