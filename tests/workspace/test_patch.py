import re
import subprocess
from pathlib import Path

import pytest

from reviewbot.errors import UsageError
from reviewbot.review.analysis import Trust
from tests.fakes.repository import Repository
from tests.workspace.conftest import contents, opened


def saved(repo: Repository, tmp_path: Path, *diff: str) -> str:
    """A file that holds what ``git diff`` says."""
    file = tmp_path / "change.diff"
    file.write_bytes(repo.git("diff", "--binary", *diff).encode("utf-8", "surrogateescape") + b"\n")
    return str(file)


@pytest.mark.feature("U08")
def test_a_patch_is_reviewed_on_top_of_head(repo: Repository, tmp_path: Path) -> None:
    last = repo.commit({"a.py": "x = 1\n", "x b/y.py": "y = 1\n"})
    repo.write({"a.py": "x = 2\n", "x b/y.py": "y = 2\n"})
    file = saved(repo, tmp_path)
    repo.git("checkout", "-q", ".")
    with opened(repo, diff_file=file) as found:
        assert (found.selection.base_commit, found.selection.head_commit) == (last, None)
        assert found.selection.trust is Trust.UNTRUSTED
        assert contents(found.change.head.root) == {"a.py": "x = 2\n", "x b/y.py": "y = 2\n"}
        assert contents(found.change.base.root) == {"a.py": "x = 1\n", "x b/y.py": "y = 1\n"}
    assert repo.git("status", "--porcelain") == ""


def test_a_patch_is_reviewed_on_top_of_a_base(repo: Repository, tmp_path: Path) -> None:
    old = repo.commit({"a.py": "x = 1\n"})
    repo.commit({"a.py": "x = 2\n"})
    file = saved(repo, tmp_path, "HEAD~1", "HEAD")
    repo.commit({"a.py": "x = 3\n"})
    with opened(repo, diff_file=file, base=old) as found:
        assert found.selection.base_commit == old
        assert contents(found.change.head.root) == {"a.py": "x = 2\n"}


def test_a_patch_that_is_there_already_is_taken_back(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.write({"a.py": "x = 2\n", "b.py": "new\n"})
    repo.git("add", "-A")
    file = saved(repo, tmp_path, "--cached", "--", "a.py")
    repo.commit()
    with opened(repo, diff_file=file) as found:
        assert found.selection.trust is Trust.TRUSTED
        assert contents(found.change.head.root) == {"a.py": "x = 2\n", "b.py": "new\n"}
        assert contents(found.change.base.root) == {"a.py": "x = 1\n", "b.py": "new\n"}
        assert [each.path for each in found.change.diff.files] == ["a.py"]


def test_a_patch_of_another_program_is_read(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    (tmp_path / "new").write_text("x = 2\n")
    names = ["--label", "a/a.py", "--label", "b/a.py"]
    files = [str(repo.root / "a.py"), str(tmp_path / "new")]
    said = subprocess.run(["diff", "-u", *names, *files], capture_output=True, check=False)
    (tmp_path / "p").write_bytes(said.stdout)
    with opened(repo, diff_file=str(tmp_path / "p")) as found:
        assert contents(found.change.head.root) == {"a.py": "x = 2\n"}


def test_line_ends_that_an_editor_made_are_taken_back(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.write({"a.py": "x = 2\n"})
    file = Path(saved(repo, tmp_path))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    repo.git("checkout", "-q", ".")
    with opened(repo, diff_file=str(file)) as found:
        assert contents(found.change.head.root) == {"a.py": "x = 2\n"}
        assert "(without its Windows line ends) applied" in found.selection.sentence


def test_line_ends_that_the_code_has_are_kept(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\r\n"})
    repo.write({"a.py": "x = 2\r\n"})
    file = saved(repo, tmp_path)
    repo.git("checkout", "-q", ".")
    with opened(repo, diff_file=file) as found:
        assert contents(found.change.head.root) == {"a.py": "x = 2\r\n"}
        assert "Windows" not in found.selection.sentence


WINDOWS = "x = 1\r\n\r\ny = 1\r\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a.py": WINDOWS}, {"a.py": WINDOWS.replace("1", "2")}),
        ({"a.py": WINDOWS}, {"a.py": "-- sql\r\n" + WINDOWS}),
        ({"a.py": "x = 1"}, {"a.py": "x = 2"}),
        (
            {"a.py": WINDOWS, "b.py": "x = 1\n", "c.py": "y = 1\n"},
            {"a.py": "x = 2\r\n", "b.py": "x = 2\n", "c.py": "y = 2\n"},
        ),
    ],
    ids=["all as on Windows", "a line like a header", "no last line end", "some so, some so"],
)
def test_line_ends_that_the_code_has_survive_an_editor_that_made_all_lines_alike(
    repo: Repository, tmp_path: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    repo.commit(before)
    repo.write(after)
    file = Path(saved(repo, tmp_path))
    file.write_bytes(re.sub(rb"\r?\n", b"\r\n", file.read_bytes()))
    repo.git("checkout", "-q", ".")
    with opened(repo, diff_file=str(file)) as found:
        assert contents(found.change.head.root) == after


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"<html>captive portal</html>\n", "is no patch that git can read"),
        (b'{"message": "Not Found"}\n', "is no patch that git can read"),
        (b"--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-y = 9\n+y = 8\n", "applies neither to HEAD nor"),
        (b"--- a/a.py\n+++ b/a.py\n@@ -1,9 +1,9 @@\n-x = 1\n", "is no patch that git can read"),
        (b"diff --git a/../x b/../x\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n", "applies"),
    ],
    ids=["empty", "blank", "html", "json", "another file", "cut short", "outside"],
)
def test_b13_what_does_not_apply_is_refused(
    repo: Repository, tmp_path: Path, content: bytes, said: str
) -> None:
    repo.commit({"a.py": "x = 1\n"})
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(UsageError, match=said), opened(repo, diff_file=str(tmp_path / "p")):
        pass


def test_a_patch_of_more_than_64_mib_is_refused(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    with (tmp_path / "p").open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(UsageError, match="64 MiB"), opened(repo, diff_file=str(tmp_path / "p")):
        pass


def test_a_patch_that_cannot_be_read_is_refused(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    with (
        pytest.raises(UsageError, match="No such file"),
        opened(repo, diff_file=str(tmp_path / "p")),
    ):
        pass
