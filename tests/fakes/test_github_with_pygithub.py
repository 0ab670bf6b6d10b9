"""A client that nobody here wrote finds what it expects, and asks no second time for anything."""

from collections.abc import Iterator

import pytest
from github import Auth, Github, GithubException, UnknownObjectException
from github.Repository import Repository

from tests.fakes.github.descriptions import VERSIONS
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened


@pytest.fixture(params=VERSIONS)
def found(request: pytest.FixtureRequest, hub: Hub, opened: Opened) -> Iterator[Repository]:
    """The repository as PyGithub sees it, in both versions of the API."""
    del opened
    github = Github(
        base_url=hub.api_url,
        auth=Auth.Token(hub.actions_token()),
        api_version=request.param,
        retry=None,
        timeout=5,
        per_page=100,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    yield github.get_repo("demo/shapes")
    github.close()


def test_a_pull_request_is_read(hub: Hub, opened: Opened, found: Repository) -> None:
    pull = found.get_pull(1)
    assert (pull.head.sha, pull.base.sha) == (opened.head, opened.pull.base)
    assert (pull.user.login, pull.state, pull.draft, pull.merged) == ("ada", "open", False, False)
    assert pull.base.repo.clone_url == opened.clone_url
    assert sorted(file.filename for file in pull.get_files()) == ["a.py", "gone.py", "new.py"]
    assert [commit.sha for commit in pull.get_commits()] == [opened.head]
    assert found.compare("main", opened.head).merge_base_commit.sha == opened.pull.base
    assert len(hub.log) == 5


def test_a_review_is_made_listed_and_dismissed(hub: Hub, opened: Opened, found: Repository) -> None:
    pull = found.get_pull(1)
    comments = [{"path": "a.py", "line": 2, "side": "RIGHT", "body": "here"}]
    review = pull.create_review(
        commit=found.get_commit(opened.head),
        body="said",
        event="REQUEST_CHANGES",
        comments=comments,  # type: ignore[arg-type]  # its dictionary is closed and too small
    )
    assert [each.state for each in pull.get_reviews()] == ["CHANGES_REQUESTED"]
    assert [each.body for each in pull.get_review_comments()] == ["here"]
    review.dismiss("fixed")
    assert opened.repository.reviews[review.id].state == "DISMISSED"
    with pytest.raises(GithubException, match="422"):
        review.dismiss("fixed")
    assert hub.log.operations["pulls/dismiss-review"] == 2


def test_words_labels_and_checks(opened: Opened, found: Repository) -> None:
    issue = found.get_pull(1).as_issue()
    comment = issue.create_comment("first")
    comment.edit("second")
    assert [each.body for each in issue.get_comments()] == ["second"]
    comment.delete()
    issue.add_to_labels("reviewed")
    issue.add_to_assignees("ada")
    assert (opened.issue.labels, opened.issue.assignees) == (["reviewed"], ["ada"])
    issue.remove_from_labels("reviewed")
    run = found.create_check_run("reviewbot", opened.head)
    run.edit(conclusion="neutral", output={"title": "t", "summary": "s"})
    listed = found.get_commit(opened.head).get_check_runs()
    assert [(each.status, each.conclusion) for each in listed] == [("completed", "neutral")]
    made = found.create_issue("left over", body="b", labels=["later"])
    assert [each.number for each in found.get_issues()] == [made.number, 1]


def test_what_is_not_there_is_not_found(opened: Opened, found: Repository) -> None:
    del opened
    with pytest.raises(UnknownObjectException):
        found.get_pull(7)
