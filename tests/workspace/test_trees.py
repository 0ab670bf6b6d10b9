import os
import stat
from pathlib import Path

import pytest

from reviewbot.review.analysis import NotReviewed
from reviewbot.workspace.opened import OpenedChange
from reviewbot.workspace.sources import TreeSources
from tests.fakes.repository import Link, Repository
from tests.workspace.conftest import contents, opened

LARGE = b"x" * ((1 << 20) + 1)


def file(root: str, path: str) -> os.stat_result:
    return (Path(root) / path).stat()


def test_a_tree_holds_what_the_commit_holds(repo: Repository) -> None:
    kept = {"-r.py": "2", "new\nline.py": "3", "\udcff.py": "4", "a/b/c/d.py": "5"}
    odd = {"@x.py": "1", **kept}
    repo.commit(odd)
    repo.commit({"empty": ""}, delete=["@x.py"])
    with opened(repo, head="HEAD") as found:
        head, base = found.change.head, found.change.base
        assert contents(base.root) == odd
        assert base.files.keys() == odd.keys()
        assert contents(head.root) == {"empty": "", **kept}
        assert head.files["empty"] == repo.git("rev-parse", "HEAD:empty")
        assert (head.commit, base.commit) == (repo.head, repo.git("rev-parse", "HEAD~1"))


def test_a8_a_link_is_listed_and_never_written(repo: Repository) -> None:
    repo.commit({"old": Link("/proc/self/environ"), "a.py": "x = 1\n"})
    repo.commit({"s.py": Link("/proc/self/environ"), "pkg": Link("../../secret"), "a.py": "x\n"})
    with opened(repo, head="HEAD") as found:
        assert contents(found.change.head.root) == {"a.py": "x\n"}
        assert not any(each.is_symlink() for each in Path(found.change.head.root).rglob("*"))
        assert found.change.head.missing == (
            NotReviewed(path="old", reason="a symbolic link", blocking=False),
            NotReviewed(path="pkg", reason="a symbolic link", blocking=True),
            NotReviewed(path="s.py", reason="a symbolic link", blocking=True),
        )
        assert TreeSources(found.change).head("s.py") is None


@pytest.mark.parametrize("touched", [True, False])
def test_a_large_file_is_listed_and_blocks_when_touched(repo: Repository, *, touched: bool) -> None:
    repo.commit({"data.json": LARGE, "a.py": "x = 1\n"})
    repo.commit({"data.json": LARGE + b"x"} if touched else {"a.py": "x = 2\n"})
    with opened(repo, head="HEAD") as found:
        (missing,) = found.change.head.missing
        assert (missing.path, missing.blocking) == ("data.json", touched)
        assert missing.reason == "too large to review: 1024 KiB"
        assert "data.json" not in found.change.head.files


@pytest.mark.parametrize(
    "name", [".git", ".GIT", "..", ".", ".git ", "git~1", "a/.git/config", "/".join("d" * 101)]
)
def test_a_name_that_reaches_out_is_refused(repo: Repository, name: str) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    tree = repo.git("mktree", stdin=f"100644 blob {blob}\tleaf".encode())
    for part in reversed(name.split("/")):
        tree = repo.git("mktree", stdin=f"040000 tree {tree}\t{part}".encode())
    base = repo.commit({"a.py": ""})
    head = repo.git("commit-tree", "-p", base, "-m", "evil", tree)
    with opened(repo, head=head) as found:
        assert contents(found.change.head.root) == {}
        assert [each.blocking for each in found.change.head.missing] == [True]


def test_two_entries_of_one_name_are_no_way_out(repo: Repository) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    inner = repo.git("mktree", stdin=f"100644 blob {blob}\tb".encode())
    entries = b"100644 a\0" + bytes.fromhex(blob) + b"40000 a\0" + bytes.fromhex(inner)
    tree = repo.git("hash-object", "-w", "--literally", "-t", "tree", "--stdin", stdin=entries)
    base = repo.commit({"z.py": ""})
    head = repo.git("commit-tree", "-p", base, "-m", "evil", tree)
    with opened(repo, head=head) as found:
        change = found.change
        assert len(change.head.files) + len(change.head.missing) == 2
        assert contents(change.head.root).keys() == change.head.files.keys()


def modes(change: OpenedChange, side: str) -> set[int]:
    tree = change.change.head if side == "head" else change.change.base
    return {stat.S_IMODE(file(tree.root, path).st_mode) for path in tree.files}


def test_files_are_read_only_and_readable_by_others(repo: Repository) -> None:
    repo.commit({"pkg/a.py": "x = 1\n"})
    repo.commit({"pkg/b.py": "x = 1\n"})
    before = os.umask(0o077)
    try:
        with opened(repo, head="HEAD") as found:
            assert modes(found, "head") == modes(found, "base") == {0o444}
            assert stat.S_IMODE(file(found.change.head.root, "pkg").st_mode) == 0o755
    finally:
        os.umask(before)


def test_equal_files_are_shared_and_changed_ones_have_other_times(repo: Repository) -> None:
    repo.commit({"same.py": "x = 1\n", "a.py": "f(11)\n", "swap1.py": "11", "swap2.py": '""'})
    repo.commit({"a.py": 'f("")\n', "swap1.py": '""', "swap2.py": "11", "moved.py": "x = 1\n"})
    with opened(repo, head="HEAD") as found:
        head, base = found.change.head, found.change.base
        assert file(head.root, "same.py").st_ino == file(base.root, "same.py").st_ino
        times = {file(head.root, path).st_mtime_ns for path in head.files}
        assert len(times) == 1
        assert times.pop() % 10**9 == 0
        for path in ("a.py", "swap1.py", "swap2.py"):
            there, here = file(base.root, path), file(head.root, path)
            assert there.st_size == here.st_size
            assert int(there.st_mtime) != int(here.st_mtime)


def test_no_two_runs_with_one_cache_give_a_changed_file_one_time(
    repo: Repository, tmp_path: Path
) -> None:
    repo.commit({"a.py": "f(11)\n"})
    repo.commit({"a.py": 'f("")\n'})
    seen: list[int] = []
    for _ in range(3):
        with opened(repo, head="HEAD", cache=str(tmp_path / "cache")) as found:
            seen += [
                int(file(tree.root, "a.py").st_mtime)
                for tree in (found.change.head, found.change.base)
            ]
    assert seen == sorted(set(seen))


def test_sources_are_read_with_what_cannot_be_decoded_replaced(repo: Repository) -> None:
    repo.commit({"a.py": b"caf\xe9\r\n", "gone.py": "x\n"})
    repo.commit({"a.py": "é\n", "new.py": "y\n"}, delete=["gone.py"])
    with opened(repo, head="HEAD") as found:
        sources = TreeSources(found.change)
        assert (sources.head("a.py"), sources.base("a.py")) == ("é\n", "caf\ufffd\r\n")
        assert (sources.head("gone.py"), sources.base("gone.py")) == (None, "x\n")
        assert (sources.head("new.py"), sources.base("new.py")) == ("y\n", None)
        assert sources.head("../base/a.py") is None
