"""A comment moves with its line, and is outdated when its line is gone."""

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.scenario import Opened

R = "/repos/demo/shapes/pulls/1"
_LINES = ["one", "TWO", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (_LINES, 2),
        (["zero", *_LINES], 3),
        ([*_LINES, "eleven"], 2),
        (["one", "changed", *_LINES[2:]], None),
        (["one", *_LINES[2:]], None),
        (["one", "two", *_LINES[2:]], None),
    ],
    ids=["nothing", "moved down", "far below", "edited", "removed", "reverted"],
)
def test_a_comment_stands_where_its_line_is(
    opened: Opened, client: Client, lines: list[str], line: int | None
) -> None:
    said = {"path": "a.py", "line": 2, "side": "RIGHT", "body": "b"}
    client.post(f"{R}/reviews", {"event": "COMMENT", "body": "b", "comments": [said]})
    first = opened.head
    opened.push({"a.py": _text(*lines)})
    (comment,) = client.get(f"{R}/comments").json
    assert (comment["line"], comment["original_line"]) == (line, 2)
    assert (comment["position"] is None) == (line is None)
    assert comment["original_commit_id"] == first
    assert comment["diff_hunk"].endswith("+TWO")


def test_a_comment_on_a_removed_line_stays_as_long_as_it_is_removed(
    opened: Opened, client: Client
) -> None:
    said = {"path": "a.py", "line": 2, "side": "LEFT", "body": "b"}
    client.post(f"{R}/reviews", {"event": "COMMENT", "body": "b", "comments": [said]})
    opened.push({"a.py": _text("zero", *_LINES)})
    assert client.get(f"{R}/comments").json[0]["line"] == 2
    opened.push({"a.py": _text("one", "two", *_LINES[2:])})
    assert client.get(f"{R}/comments").json[0]["line"] is None


def test_a_comment_goes_with_its_file(opened: Opened, client: Client) -> None:
    said = {"path": "new.py", "line": 1, "side": "RIGHT", "body": "b"}
    client.post(f"{R}/reviews", {"event": "COMMENT", "body": "b", "comments": [said]})
    opened.push({"new.py": None})
    assert client.get(f"{R}/comments").json[0]["line"] is None
