import os
from pathlib import Path

import pytest

from reviewbot.errors import UsageError
from reviewbot.review.analysis import NotReviewed
from tests.fakes.repository import Content, Link, Repository
from tests.workspace.conftest import contents, opened
from tests.workspace.test_selection import conflict

LARGE = b"x" * ((1 << 20) + 1)


def head(repo: Repository) -> dict[str, str]:
    """What a review of the working tree would look at."""
    with opened(repo, base="HEAD") as found:
        return contents(found.change.head.root)


@pytest.mark.parametrize(
    ("files", "delete", "expected"),
    [
        ({"a.py": "new\n"}, [], {"a.py": "new\n", "pkg/b.py": "b\n"}),
        ({"c.py": "c\n"}, [], {"a.py": "a\n", "pkg/b.py": "b\n", "c.py": "c\n"}),
        ({}, ["a.py"], {"pkg/b.py": "b\n"}),
        ({"pkg": "a file now\n"}, [], {"a.py": "a\n", "pkg": "a file now\n"}),
        (
            {"a.py/b.py": "a folder now\n"},
            ["a.py"],
            {"a.py/b.py": "a folder now\n", "pkg/b.py": "b\n"},
        ),
        ({"a.py": Link("pkg/b.py")}, [], {"pkg/b.py": "b\n"}),
        ({"pkg": Link("elsewhere")}, [], {"a.py": "a\n"}),
        ({"new\nline \udcff.py": "odd\n"}, [], None),
        ({"tab\t100644 1 0\tx": "odd\n"}, [], None),
    ],
    ids=str,
)
def test_the_snapshot_is_the_working_tree(
    repo: Repository,
    files: dict[str, Content | Link],
    delete: list[str],
    expected: dict[str, str] | None,
) -> None:
    repo.commit({"a.py": "a\n", "pkg/b.py": "b\n"})
    repo.write(files, delete=delete)
    every = {"a.py": "a\n", "pkg/b.py": "b\n", **dict.fromkeys(files, "odd\n")}
    assert head(repo) == (every if expected is None else expected)


def test_ignored_files_are_no_part_of_it(repo: Repository) -> None:
    repo.commit({".gitignore": "*.log\n", "a.py": "a\n"})
    (repo.root / ".git/info").mkdir(exist_ok=True)
    (repo.root / ".git/info/exclude").write_text("private.py\n")
    repo.write({"x.log": "", "private.py": "", "b.py": "b\n"})
    assert head(repo).keys() == {".gitignore", "a.py", "b.py"}


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        (None, ".config/git/ignore"),
        ("[core]\nexcludesFile = ~/mine\n", "mine"),
        ("[core]\nexcludesFile = mine\nfsmonitor = false\n", "mine"),
    ],
)
def test_the_ignore_rules_of_the_user_count(
    repo: Repository, tmp_path: Path, settings: str | None, rules: str
) -> None:
    home = tmp_path / "home"
    (home / rules).parent.mkdir(parents=True)
    (home / rules).write_text("*.log\n")
    if settings is not None:
        (home / ".gitconfig").write_text(settings)
    repo.commit({"a.py": "a\n"})
    repo.write({"x.log": "", "b.py": "b\n"})
    with opened(repo, base="HEAD", home=str(home)) as found:
        assert contents(found.change.head.root).keys() == {"a.py", "b.py"}
    assert head(repo).keys() == {"a.py", "b.py", "x.log"}


def test_what_no_one_wrote_is_no_part_of_it(repo: Repository) -> None:
    repo.commit({"a.py": "a\n"})
    repo.write({"venv/pyvenv.cfg": "", "venv/lib/x.py": "", "pkg/__pycache__/a.pyc": b"\0"})
    assert head(repo).keys() == {"a.py"}


def test_no_filter_runs_and_bytes_stay_as_they_are(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "a\n"})
    tripwire = tmp_path / "filter-ran"
    repo.git("config", "filter.evil.clean", f"touch '{tripwire}'; cat")
    repo.write({".gitattributes": "* filter=evil\n", "a.py": "$Id$\n", "b.py": "b\r\n"})
    assert head(repo) == {".gitattributes": "* filter=evil\n", "a.py": "$Id$\n", "b.py": "b\r\n"}
    assert not tripwire.exists()
    repo.git("add", "a.py")
    assert tripwire.exists()  # a plain git does run it


def test_line_ends_of_the_checkout_are_no_change(repo: Repository) -> None:
    repo.commit({".gitattributes": "*.py text eol=crlf\n", "a.py": "x = 1\r\n"})
    assert repo.git("cat-file", "blob", "HEAD:a.py") == "x = 1"
    os.utime(repo.root / "a.py", (1, 1))  # the stat data of the index no longer helps
    with opened(repo, base="HEAD") as found:
        assert found.change.diff.files == ()


def test_an_edit_in_the_second_of_the_index_is_seen(repo: Repository) -> None:
    repo.commit({"a.py": "x = 1\n"})
    index = (repo.root / ".git/index").stat()
    repo.write({"a.py": "x = 2\n"})
    os.utime(repo.root / "a.py", ns=(index.st_mtime_ns, index.st_mtime_ns))
    assert head(repo) == {"a.py": "x = 2\n"}


def test_a_mode_change_counts_unless_the_repository_says_no(repo: Repository) -> None:
    repo.commit({"a.py": "a\n"})
    (repo.root / "a.py").chmod(0o755)
    with opened(repo, base="HEAD") as found:
        assert [each.path for each in found.change.diff.files] == ["a.py"]
    repo.git("config", "core.fileMode", "false")
    repo.write({"a.py": "b\n"})
    (repo.root / "a.py").chmod(0o755)
    with opened(repo, base="HEAD") as found:
        path = Path(found.change.head.root, "a.py")
        assert (path.read_text(), path.stat().st_mode & 0o777) == ("b\n", 0o444)


def test_an_intended_file_is_as_it_stands(repo: Repository) -> None:
    repo.commit({"a.py": "a\n"})
    repo.write({"b.py": "b\n"})
    repo.git("add", "--intent-to-add", "b.py")
    assert head(repo) == {"a.py": "a\n", "b.py": "b\n"}


@pytest.mark.parametrize("flag", ["--skip-worktree", "--assume-unchanged"])
def test_a_path_the_index_keeps_is_as_the_index_has_it(repo: Repository, flag: str) -> None:
    repo.commit({"a.py": "a\n"})
    repo.git("update-index", flag, "a.py")
    repo.write({"a.py": "local\n"})
    assert head(repo) == {"a.py": "a\n"}


def test_a_sparse_checkout_keeps_what_it_does_not_show(repo: Repository) -> None:
    repo.commit({"a.py": "a\n", "pkg/b.py": "b\n", "other/c.py": "c\n"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "pkg")
    repo.write({"pkg/b.py": "new\n"})
    assert head(repo) == {"a.py": "a\n", "pkg/b.py": "new\n", "other/c.py": "c\n"}


def test_a_split_index_is_read(repo: Repository) -> None:
    repo.commit({"a.py": "a\n", "b.py": "b\n"})
    repo.git("update-index", "--split-index")
    repo.write({"a.py": "new\n"})
    repo.git("add", "a.py")
    assert head(repo) == {"a.py": "new\n", "b.py": "b\n"}


def test_a_conflict_is_as_it_stands(repo: Repository) -> None:
    conflict(repo)
    assert head(repo)["a.py"].startswith("<<<<<<< HEAD")


def test_a_conflict_with_a_deletion_is_as_it_stands(repo: Repository) -> None:
    repo.commit({"a.py": "a\n", "b.py": "b\n"})
    repo.switch("topic", new=True)
    repo.commit(delete=["a.py"])
    repo.switch("main")
    repo.commit({"a.py": "ours\n"})
    with pytest.raises(AssertionError):
        repo.git("merge", "topic")
    assert head(repo) == {"a.py": "ours\n", "b.py": "b\n"}


@pytest.mark.parametrize(
    ("path", "tracked", "blocking"),
    [("data.bin", False, False), ("big.py", False, True), ("data.bin", True, True)],
)
def test_a_large_file_is_listed(
    repo: Repository, path: str, *, tracked: bool, blocking: bool
) -> None:
    repo.commit({path: "small"} if tracked else {"a.py": "a\n"})
    repo.write({path: LARGE})
    with opened(repo, base="HEAD") as found:
        expected = NotReviewed(path=path, reason="too large to review", blocking=blocking)
        assert found.not_reviewed == (expected,)


def test_other_repositories_inside_are_listed(repo: Repository, tmp_path: Path) -> None:
    library = Repository.create(tmp_path / "library")
    library.commit({"lib.py": "x = 1\n"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(library.root), "lib")
    repo.commit({"a.py": "a\n"})
    Repository(repo.root / "lib").commit({"lib.py": "x = 2\n"})
    Repository.create(repo.root / "vendored").commit({"v.py": "v\n"})
    with opened(repo, base="HEAD") as found:
        assert {(each.path, each.reason, each.blocking) for each in found.not_reviewed} == {
            ("lib", "a submodule: only its recorded commit counts", False),
            ("vendored", "a git repository of its own", False),
        }


def test_a_pipe_is_listed_and_never_read(repo: Repository) -> None:
    repo.commit({"a.py": "a\n"})
    (repo.root / "a.py").unlink()
    os.mkfifo(repo.root / "a.py")
    with opened(repo, base="HEAD") as found:
        (listed,) = found.not_reviewed
        assert (listed.path, listed.blocking) == ("a.py", True)
        assert listed.reason == "it is neither a file nor a link"


def test_untracked_files_without_end_are_refused(repo: Repository) -> None:
    repo.commit({"a.py": "a\n"})
    (repo.root / "data").mkdir()
    for number in range(20_001):
        (repo.root / "data" / str(number)).touch()
    with pytest.raises(UsageError, match=r"20001 files are neither .*gitignore"), opened(repo):
        pass
