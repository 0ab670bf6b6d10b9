import re
from pathlib import Path
from typing import Any

import pytest

from reviewbot.errors import UsageError
from reviewbot.review.analysis import Trust
from tests.fakes.repository import Link, Repository
from tests.workspace.conftest import contents, opened

ONE, TWO, THREE = "x = 1\n", "x = 2\n", "x = 3\n"


def diverged(repo: Repository) -> tuple[str, str]:
    """``main`` and ``topic`` both moved on; returns the fork point and the tip of ``main``."""
    fork = repo.commit({"a.py": ONE, "b.py": ONE})
    repo.switch("topic", new=True)
    repo.commit({"a.py": TWO})
    repo.switch("main")
    main = repo.commit({"b.py": THREE})
    repo.switch("topic")
    return fork, main


@pytest.mark.feature("U08")
def test_without_arguments_the_working_tree_meets_the_merge_base(repo: Repository) -> None:
    fork, _ = diverged(repo)
    repo.write({"c.py": ONE, "b.py": TWO})
    with opened(repo) as found:
        assert found.selection.base_commit == fork
        assert found.selection.head_commit is None
        assert found.selection.trust is Trust.TRUSTED
        assert [each.path for each in found.change.diff.files] == ["a.py", "b.py", "c.py"]
        assert contents(found.change.head.root) == {"a.py": TWO, "b.py": TWO, "c.py": ONE}
        assert contents(found.change.base.root) == {"a.py": ONE, "b.py": ONE}
        assert "the working tree against main" in found.selection.sentence


@pytest.mark.parametrize("name", ["main", "master"])
def test_a_local_default_branch_is_found(repo: Repository, name: str) -> None:
    repo.git("symbolic-ref", "HEAD", f"refs/heads/{name}")
    base = repo.commit({"a.py": ONE})
    repo.switch("topic", new=True)
    repo.commit({"a.py": TWO})
    with opened(repo) as found:
        assert found.selection.base_commit == base
        assert name in found.selection.sentence


def test_the_remote_branch_counts_before_the_local_one(repo: Repository, tmp_path: Path) -> None:
    base = repo.commit({"a.py": ONE})
    clone = repo.clone(tmp_path / "clone")
    clone.commit({"a.py": TWO})  # on main, not pushed
    with opened(clone) as found:
        assert found.selection.base_commit == base
        assert "origin/main" in found.selection.sentence


def test_the_remote_names_any_default_branch(repo: Repository, tmp_path: Path) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    base = repo.commit({"a.py": ONE})
    clone = repo.clone(tmp_path / "clone")
    clone.switch("topic", new=True)
    clone.commit({"a.py": TWO})
    with opened(clone) as found:
        assert found.selection.base_commit == base
        assert "origin/trunk" in found.selection.sentence


def test_on_the_default_branch_what_is_not_committed_meets_head(repo: Repository) -> None:
    repo.commit({"a.py": ONE})
    last = repo.commit({"a.py": TWO})
    repo.write({"a.py": THREE})
    with opened(repo) as found:
        assert found.selection.base_commit == last
        assert contents(found.change.base.root) == {"a.py": TWO}


def test_a_clean_default_branch_gives_its_last_commit(repo: Repository) -> None:
    first = repo.commit({"a.py": ONE})
    last = repo.commit({"a.py": TWO})
    with opened(repo) as found:
        assert (found.selection.base_commit, found.selection.head_commit) == (first, last)
        assert found.selection.trust is Trust.TRUSTED


def test_a_detached_head_on_the_default_branch_gives_its_last_commit(repo: Repository) -> None:
    repo.commit({"a.py": ONE})
    last = repo.commit({"a.py": TWO})
    repo.git("checkout", "-q", "--detach")
    with opened(repo) as found:
        assert found.selection.head_commit == last


def test_the_first_commit_meets_the_empty_tree(repo: Repository) -> None:
    first = repo.commit({"a.py": ONE})
    with opened(repo) as found:
        assert (found.selection.base_commit, found.selection.head_commit) == (None, first)
        assert contents(found.change.base.root) == {}
        assert [each.path for each in found.change.diff.files] == ["a.py"]


@pytest.mark.feature("U08")
def test_a_base_is_compared_by_its_merge_base(repo: Repository) -> None:
    fork, main = diverged(repo)
    repo.git("branch", "other", main)
    with opened(repo, base="other") as found:
        assert found.selection.base_commit == fork
        assert [each.path for each in found.change.diff.files] == ["a.py"]


def test_two_revisions_need_no_checkout(repo: Repository) -> None:
    fork, _ = diverged(repo)
    tip = repo.head
    repo.switch("main")
    repo.write({"a.py": "dirty"})
    with opened(repo, base="main", head="topic") as found:
        assert (found.selection.base_commit, found.selection.head_commit) == (fork, tip)
        assert found.selection.trust is Trust.UNTRUSTED
        assert contents(found.change.head.root)["a.py"] == TWO


def test_a_head_alone_meets_the_default_branch(repo: Repository) -> None:
    fork, _ = diverged(repo)
    repo.switch("main")
    with opened(repo, head="topic") as found:
        assert found.selection.base_commit == fork


@pytest.mark.feature("U08")
def test_what_is_staged_meets_head(repo: Repository) -> None:
    last = repo.commit({"a.py": ONE, "b.py": ONE})
    repo.write({"a.py": TWO})
    repo.git("add", "a.py")
    repo.write({"a.py": THREE, "b.py": THREE, "new.py": ONE})
    repo.git("add", "--intent-to-add", "new.py")
    with opened(repo, staged=True) as found:
        assert found.selection.base_commit == last
        assert contents(found.change.head.root) == {"a.py": TWO, "b.py": ONE}
        assert found.selection.trust is Trust.TRUSTED


def test_what_is_staged_meets_a_given_base(repo: Repository) -> None:
    fork, _ = diverged(repo)
    repo.write({"c.py": ONE})
    repo.git("add", "c.py")
    with opened(repo, staged=True, base="main") as found:
        assert found.selection.base_commit == fork
        assert [each.path for each in found.change.diff.files] == ["a.py", "c.py"]


@pytest.mark.parametrize(
    ("asked", "trust"),
    [
        ({}, Trust.TRUSTED),
        ({"staged": True}, Trust.TRUSTED),
        ({"head": "topic"}, Trust.TRUSTED),
        ({"head": "main", "base": "main~1"}, Trust.UNTRUSTED),
        ({"untrusted": True}, Trust.UNTRUSTED),
        ({"staged": True, "untrusted": True}, Trust.UNTRUSTED),
        ({"head": "topic", "untrusted": True}, Trust.UNTRUSTED),
    ],
    ids=str,
)
def test_only_ones_own_state_is_trusted(
    repo: Repository, asked: dict[str, Any], trust: Trust
) -> None:
    diverged(repo)
    with opened(repo, **asked) as found:
        assert found.selection.trust is trust
        assert found.change.trust is trust


def test_a_folder_inside_gives_the_whole_repository(repo: Repository) -> None:
    repo.commit({"pkg/deep/a.py": ONE, "b.py": ONE})
    repo.write({"b.py": TWO})
    with opened(repo.root / "pkg" / "deep") as found:
        assert found.root == str(repo.root)
        assert [each.path for each in found.change.diff.files] == ["b.py"]


def test_a_worktree_is_reviewed_by_itself(repo: Repository, tmp_path: Path) -> None:
    base = repo.commit({"a.py": ONE})
    repo.git("worktree", "add", "-q", "-b", "topic", str(tmp_path / "tree"))
    Repository(tmp_path / "tree").write({"a.py": TWO})
    with opened(tmp_path / "tree") as found:
        assert found.selection.base_commit == base
        assert contents(found.change.head.root) == {"a.py": TWO}


def test_a_submodule_checkout_is_a_repository(repo: Repository, tmp_path: Path) -> None:
    library = Repository.create(tmp_path / "library")
    base = library.commit({"lib.py": ONE})
    repo.commit({"a.py": ONE})
    repo.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(library.root), "lib")
    Repository(repo.root / "lib").write({"lib.py": TWO})
    with opened(repo.root / "lib") as found:
        assert found.selection.base_commit == base
        assert contents(found.change.head.root) == {"lib.py": TWO}


def test_objects_named_by_sha256_are_read(tmp_path: Path) -> None:
    repo = Repository.create(tmp_path / "repo", "--object-format=sha256")
    repo.commit({"a.py": ONE})
    repo.write({"a.py": TWO, "b.py": ONE})
    with opened(repo) as found:
        assert contents(found.change.head.root) == {"a.py": TWO, "b.py": ONE}
        assert contents(found.change.base.root) == {"a.py": ONE}


def test_borrowed_objects_are_read(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": ONE})
    clone = repo.clone(tmp_path / 'odd "name"\n#', "--shared")
    clone.write({"a.py": TWO})
    with opened(clone) as found:
        assert contents(found.change.base.root) == {"a.py": ONE}


def test_the_repository_of_the_user_is_never_written(repo: Repository) -> None:
    repo.commit({"a.py": ONE})
    repo.write({"a.py": TWO, "b.py": ONE, "c": Link("a.py")})
    before = _state(repo)
    for asked in ({}, {"staged": True}, {"head": "main"}):
        with opened(repo, **asked):
            pass
    assert _state(repo) == before


def _state(repo: Repository) -> dict[str, tuple[int, bytes]]:
    files = (each for each in (repo.root / ".git").rglob("*") if each.is_file())
    return {str(each): (each.stat().st_mtime_ns, each.read_bytes()) for each in files}


class TestRefusals:
    """Each is one error that says what is wrong and what to do."""

    def test_no_commit_yet(self, repo: Repository) -> None:
        assert _refused(repo) == "the repository has no commit yet (commit something first)"

    def test_no_repository(self, tmp_path: Path) -> None:
        assert "is not in a git repository (run it inside one" in _refused(tmp_path)

    def test_no_such_path(self, tmp_path: Path) -> None:
        assert "does not exist" in _refused(tmp_path / "absent")

    def test_a_bare_repository(self, tmp_path: Path) -> None:
        Repository.create(tmp_path / "bare.git", "--bare")
        assert "is a bare repository (clone it" in _refused(tmp_path / "bare.git")

    def test_a_git_file_that_points_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / ".git").write_text("gitdir: /nowhere\n")
        assert "points to no git directory" in _refused(tmp_path)

    @pytest.mark.parametrize("name", ["--all", "topic\nx", "a\0b", "HEAD:a.py", ""])
    def test_an_unknown_revision(self, repo: Repository, name: str) -> None:
        diverged(repo)
        assert f"{name!r} names no commit here" in _refused(repo, base=name)

    def test_an_unknown_revision_has_a_nearest_name(self, repo: Repository) -> None:
        diverged(repo)
        assert "did you mean 'topic'?" in _refused(repo, base="tpoic")

    def test_no_common_history(self, repo: Repository) -> None:
        repo.commit({"a.py": ONE})
        repo.git("checkout", "-q", "--orphan", "other")
        repo.commit({"a.py": TWO})
        assert "have no common ancestor" in _refused(repo, base="main")

    def test_a_merge_base_that_a_shallow_clone_lacks(
        self, repo: Repository, tmp_path: Path
    ) -> None:
        diverged(repo)
        clone = repo.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
        said = _refused(clone, base="origin/main", head="origin/topic")
        assert re.search("merge base .* shallow clone .*--unshallow", said)

    def test_a_parent_that_a_shallow_clone_lacks(self, repo: Repository, tmp_path: Path) -> None:
        repo.commit({"a.py": ONE})
        repo.commit({"a.py": TWO})
        clone = repo.clone(tmp_path / "clone", "--depth=1")
        assert "git fetch --deepen=1" in _refused(clone)

    def test_requests_that_contradict_themselves(self, repo: Repository) -> None:
        assert "--head and --staged contradict" in _refused(repo, head="main", staged=True)

    def test_a_staged_conflict(self, repo: Repository) -> None:
        conflict(repo)
        assert "a.py is in conflict" in _refused(repo, staged=True)


def conflict(repo: Repository) -> None:
    """Leave ``a.py`` in conflict."""
    repo.commit({"a.py": ONE})
    repo.switch("topic", new=True)
    repo.commit({"a.py": TWO})
    repo.switch("main")
    repo.commit({"a.py": THREE})
    with pytest.raises(AssertionError):
        repo.git("merge", "topic")


def _refused(repo: Repository | Path, **asked: Any) -> str:
    with pytest.raises(UsageError) as caught, opened(repo, **asked):
        pass
    assert caught.value.hint
    return str(caught.value)
