"""Line numbers are those of the files, whatever the change is, and comments keep their line."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import open_pull_request
from tests.fakes.github.standing import standing
from tests.fakes.github.state import ReviewComment

_LINES = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30)
_ENDS = st.sampled_from(["", "\n"])
_MANY = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the server is emptied by every example itself


@_MANY
@given(before=_LINES, after=_LINES, end=_ENDS)
def test_a_line_of_a_hunk_is_that_line_of_the_file(
    hub: Hub, before: list[str], after: list[str], end: str
) -> None:
    hub.reset()
    opened = open_pull_request(hub, {"f": _text(before, "\n")}, {"f": _text(after, end)})
    for patch in opened.repository.git.patches(opened.base, opened.head):
        for hunk in patch.hunks:
            rows = hunk.text.decode().split("\n")
            assert all(rows[at][1:] == before[line - 1] for line, at in hunk.left.items())
            assert all(rows[at][1:] == after[line - 1] for line, at in hunk.right.items())
            kept = [row for row in rows[1:] if not row.startswith("\\")]
            assert len(hunk.left.keys()) + len(hunk.right.keys()) == sum(
                2 if row.startswith(" ") else 1 for row in kept
            )


@_MANY
@given(first=_LINES, second=_LINES, third=_LINES)
def test_a_comment_stands_on_a_line_with_its_words_or_nowhere(
    hub: Hub, first: list[str], second: list[str], third: list[str]
) -> None:
    hub.reset()
    opened = open_pull_request(hub, {"f": _text(first, "\n")}, {"f": _text(second, "\n")})
    commit = opened.head
    opened.push({"f": _text(third, "\n")})
    for number, words in enumerate(second, start=1):
        comment = ReviewComment(
            id=number,
            pull=1,
            review=1,
            user=opened.issue.user,
            body="b",
            path="f",
            commit=commit,
            line=number,
        )
        line = standing(opened.repository, opened.pull, comment).line
        assert line is None or third[line - 1] == words


def _text(lines: list[str], end: str) -> str:
    return "\n".join(lines) + end
