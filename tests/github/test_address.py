import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import UsageError
from reviewbot.github.address import Reference, parse_address

HOME_API = "https://api.github.com"


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/o/r/pull/7",
        "https://github.com/o/r/pull/7/",
        "https://github.com/o/r/pull/7/files",
        "https://github.com/o/r/pull/7/files?w=1#diff-0",
        "https://github.com/o/r/pull/7/commits/0123456789abcdef0123456789abcdef01234567",
        "https://github.com/o/r/pull/7#discussion_r1",
        "  https://GitHub.com/o/r/pull/7\n",
        "o/r#7",
    ],
)
def test_whatever_page_of_it_is_pasted_the_pull_request_is_found(text: str) -> None:
    assert parse_address(text) == Reference(
        repository="o/r", number=7, server_url="https://github.com", api_url=HOME_API
    )


@pytest.mark.feature("G21")
@pytest.mark.parametrize(
    ("text", "server", "api"),
    [
        ("https://git.example/o/r/pull/7", "https://git.example", "https://git.example/api/v3"),
        (
            "https://git.example:8443/o/r/pull/7/files",
            "https://git.example:8443",
            "https://git.example:8443/api/v3",
        ),
        (
            "https://example.org/github/o/r/pull/7",
            "https://example.org/github",
            "https://example.org/github/api/v3",
        ),
        ("https://acme.ghe.com/o/r/pull/7", "https://acme.ghe.com", "https://api.acme.ghe.com"),
        (
            "http://localhost:8000/o/r/pull/7",
            "http://localhost:8000",
            "http://localhost:8000/api/v3",
        ),
    ],
)
def test_every_server_has_its_api_in_its_own_place(text: str, server: str, api: str) -> None:
    found = parse_address(text)
    assert (found.server_url, found.api_url) == (server, api)


@pytest.mark.feature("G21")
def test_the_environment_knows_better_where_the_api_is() -> None:
    api = "https://git.example/prefix/api/v3"
    assert parse_address("https://git.example/o/r/pull/7", api_url=f"{api}/").api_url == api
    short = parse_address("o/r#7", server_url="https://git.example/")
    assert (short.server_url, short.api_url) == (
        "https://git.example",
        "https://git.example/api/v3",
    )


@pytest.mark.parametrize(
    ("text", "repository"),
    [
        ("https://github.com/o/pull/pull/7", "o/pull"),
        ("https://github.com/pull/7/pull/8", "pull/7"),
    ],
)
def test_a_repository_may_be_called_like_a_part_of_the_address(text: str, repository: str) -> None:
    assert parse_address(text).repository == repository


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "o/r",
        "o/r#0",
        "o/r#x",
        "o/r#12345678901",
        "o/..#7",
        "https://github.com/o/r",
        "https://github.com/o/r/issues/7",
        "https://github.com/pull/7",
        "https://github.com/o/r/pull/seven",
        "https://github.com/o/r/pull/\u0667",
        "https://user:secret@github.com/o/r/pull/7",
        "ftp://github.com/o/r/pull/7",
        "https:///o/r/pull/7",
        "https://[::1/o/r/pull/7",
        "https://h:99999/o/r/pull/7",
        "https://github.com/o%2Fx/r/pull/7",
        "https://github.com/" + "x/" * 5000 + "o/r/pull/7",
    ],
)
def test_what_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_address(text)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300
    assert "secret" not in str(refused.value)


def test_no_token_goes_out_in_the_clear() -> None:
    with pytest.raises(UsageError, match="without TLS"):
        parse_address("http://git.example/o/r/pull/7")


@given(st.text(max_size=60).map(lambda text: f"https://{text}/pull/7") | st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    refusal, found = "", None
    try:
        found = parse_address(text)
    except UsageError as refused:
        refusal = str(refused)
    assert refusal.isprintable()
    assert found is None or (found.number > 0 and found.repository.count("/") == 1)
