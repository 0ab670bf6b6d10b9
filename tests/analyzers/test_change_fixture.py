from reviewbot.review.diff import FileStatus
from tests.analyzers.conftest import MakeChange


def test_the_fixture_says_what_git_would_say(change: MakeChange) -> None:
    made = change(
        base={"a.py": "1\n2\n3\n", "old.py": "x\n", "gone.py": "y\n", "same.py": "z\n"},
        head={"a.py": "1\n3\n4\n", "new.py": "x\nq\n", "same.py": "z\n", "added.py": "n"},
        renames={"new.py": "old.py"},
    )
    assert {each.path: each.status for each in made.diff.files} == {
        "a.py": FileStatus.MODIFIED,
        "added.py": FileStatus.ADDED,
        "gone.py": FileStatus.DELETED,
        "new.py": FileStatus.RENAMED,
    }
    edited = made.diff.file("a.py")
    assert edited is not None
    assert edited.added_lines == {3}
    assert [edited.base_line(line) for line in (1, 2, 3)] == [1, 3, None]
    assert made.diff.old_path("new.py") == "old.py"
