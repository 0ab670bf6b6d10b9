import pytest

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call, get
from reviewbot.github.redirect import followed, origin

API = "https://git.example/api/v3"


def moved(location: str, *, call: Call | None = None, status: int = 307) -> str | None:
    asked = get("/x", page="2") if call is None else call
    answer = Answer(status=status, headers={"location": location})
    found = followed(asked, answer, API)
    return None if found is None else found.path


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://git.example/api/v3/y", "https://git.example/api/v3/y"),
        ("https://GIT.example:443/y", "https://GIT.example:443/y"),
        ("/api/v3/y", "https://git.example/api/v3/y"),
        ("https://git.example:8443/y", None),
        ("http://git.example/y", None),
        ("https://git.example.evil/y", None),
        ("//evil.example/y", None),
        ("https://[", None),
        ("https://git.example:99999/y", None),
        ("", None),
    ],
)
def test_only_the_same_scheme_host_and_port_are_gone_to(location: str, place: str | None) -> None:
    assert moved(location) == place


@pytest.mark.parametrize("status", [200, 300, 303, 304, 305, 306, 404])
def test_only_what_moved_is_looked_for_elsewhere(status: int) -> None:
    assert moved("/y", status=status) is None


def test_a_query_of_the_new_place_replaces_the_old_one() -> None:
    answer = Answer(status=301, headers={"location": "/y?page=3"})
    found = followed(get("/x", page="2"), answer, API)
    assert found is not None
    assert found.params == {}


@pytest.mark.parametrize("url", ["", "git.example", "ftp://git.example/x", "https:///x"])
def test_what_is_no_web_address_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        origin(url)
