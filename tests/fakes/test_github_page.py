"""One can look at what was posted, and nothing of it can act."""

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened

R = "/repos/demo/shapes"


def test_the_page_shows_what_was_posted(hub: Hub, opened: Opened, client: Client) -> None:
    comment = {
        "path": "a.py",
        "line": 2,
        "side": "RIGHT",
        "body": "`inline`\n```suggestion\n<b>\n```",
    }
    review = {"event": "REQUEST_CHANGES", "body": "**bold**", "comments": [comment]}
    client.post(f"{R}/pulls/1/reviews", review)
    client.post(f"{R}/issues/1/comments", {"body": "<!-- marker -->\n| a |\n|---|\n| b |"})
    client.post(f"{R}/issues/1/labels", {"labels": ["<label>"]})
    output = {"title": "three things", "summary": "s"}
    said = {"name": "check", "head_sha": opened.head, "conclusion": "neutral", "output": output}
    client.post(f"{R}/check-runs", said)
    page = Client(opened.url, None).get("").text.decode()
    for words in (
        "<strong>bold</strong>",
        "<code>inline</code>",
        "changes requested",
        "+TWO",
        "Suggested change",
        "&lt;b&gt;",
        "<td>b</td>",
        "&lt;label&gt;",
        "three things",
        "default-src 'none'",
    ):
        assert words in page
    assert Client(f"{hub.web}/demo/shapes/pull/9", None).get("").status == 404


def test_a_file_can_be_looked_at_line_by_line(hub: Hub, opened: Opened) -> None:
    here = f"{hub.web}/demo/shapes/blob/{opened.head}"
    assert "<a id=L2>    2</a>  TWO" in Client(f"{here}/a.py", None).get("").text.decode()
    assert Client(f"{here}/nothing.py", None).get("").status == 404
    assert Client(f"{hub.web}/favicon.ico", None).get("").status == 404
