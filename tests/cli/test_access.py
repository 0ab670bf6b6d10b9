"""A token goes to the hosts it is for, and to no other."""

import base64

import pytest

from reviewbot.cli.access import access_to, require_token
from reviewbot.errors import UsageError

EVERY = {
    "GITHUB_TOKEN": "for-github",
    "GH_ENTERPRISE_TOKEN": "for-enterprise",
    "GH_HOST": "ghe.example",
}
RUNNER = {
    "GITHUB_TOKEN": "of-the-job",
    "GITHUB_API_URL": "https://ghe.example:8443/api/v3",
    "GITHUB_SERVER_URL": "https://ghe.example:8443",
}


@pytest.mark.parametrize(
    ("url", "variables", "token"),
    [
        ("https://github.com/o/r/pull/1", EVERY, "for-github"),
        ("o/r#1", EVERY, "for-github"),
        ("https://github.com/o/r/pull/1", {"GH_TOKEN": " gh ", "GITHUB_TOKEN": "x"}, "gh"),
        ("https://ghe.example/o/r/pull/1", EVERY, "for-enterprise"),
        ("https://evil.example/o/r/pull/1", EVERY, ""),
        ("https://github.com.evil.example/o/r/pull/1", EVERY, ""),
        ("https://github.com@evil.example/o/r/pull/1", EVERY, ""),
        ("https://ghe.example:8443/o/r/pull/1", RUNNER, "of-the-job"),
        ("https://ghe.example/o/r/pull/1", RUNNER, ""),
        ("https://github.com/o/r/pull/1", {}, ""),
    ],
)
def test_who_hands_out_a_link_gets_no_token_with_it(
    url: str, variables: dict[str, str], token: str
) -> None:
    assert access_to(url, variables).token == token


def test_git_is_told_the_token_in_a_header() -> None:
    header = access_to("https://github.com/o/r/pull/1", {"GITHUB_TOKEN": "secret"}).authorization

    assert base64.b64decode(header.removeprefix("Basic ")) == b"x-access-token:secret"


def test_posting_without_a_token_is_refused_before_any_work() -> None:
    with pytest.raises(UsageError, match="pull-requests: write") as refused:
        require_token(access_to("https://github.com/o/r/pull/1", {}), "--post")

    assert "GITHUB_TOKEN" in refused.value.hint
