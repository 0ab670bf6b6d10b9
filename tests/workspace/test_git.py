import os
import subprocess
from pathlib import Path

import anyio
import pytest

from reviewbot.errors import ToolCrashed
from reviewbot.process import Sandbox, find_program
from reviewbot.workspace.git import Git
from tests.fakes.repository import Link, Repository
from tests.workspace.conftest import contents, opened


def with_vendored_bare_repository(repo: Repository, tripwire: Path) -> Path:
    """A folder that git takes for a repository, whose settings name a program to run."""
    repo.commit({"a.py": "x = 1\n"})
    bare = repo.root / "vendored"
    repo.write(
        {
            "vendored/HEAD": "ref: refs/heads/main\n",
            "vendored/config": "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\n"
            f"fsmonitor = touch '{tripwire}'; false\n",
            "vendored/objects/keep": "",
            "vendored/refs/keep": "",
        }
    )
    return bare


def test_a9_a_vendored_bare_repository_runs_nothing(repo: Repository, tmp_path: Path) -> None:
    tripwire = tmp_path / "fsmonitor-ran"
    bare = with_vendored_bare_repository(repo, tripwire)
    for folder in (repo.root, bare / "objects", bare / "refs"):
        with opened(folder, base="HEAD") as found:
            assert "vendored/config" in contents(found.change.head.root)
    assert not tripwire.exists()
    subprocess.run(["git", "status"], cwd=bare, capture_output=True, check=False)
    assert tripwire.exists()  # a plain git does run it


def test_a9_settings_of_the_repository_run_nothing(repo: Repository, tmp_path: Path) -> None:
    tripwire = tmp_path / "ran"
    run = f"touch '{tripwire}'; false"
    repo.commit({"a.py": "x = 1\n", ".gitattributes": "* diff=evil filter=evil\n"})
    for key in ("core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv"):
        repo.git("config", key, run)
    for key in ("filter.evil.clean", "filter.evil.process", "core.sshCommand", "core.pager"):
        repo.git("config", key, run)
    for name in ("pre-commit", "post-index-change", "reference-transaction"):
        repo.write({f".git/hooks/{name}": f"#!/bin/sh\n{run}\n"})
        (repo.root / ".git/hooks" / name).chmod(0o755)
    repo.write({"a.py": "x = 2\n", "b.py": "new\n"})
    with opened(repo) as found:
        assert [each.path for each in found.change.diff.files] == ["a.py", "b.py"]
    assert not tripwire.exists()


def test_a_missing_object_starts_no_transport(repo: Repository, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit({"a.py": "x = 1\n"})
    repo.commit({"a.py": "x = 2\n", "b.py": "y = 1\n"})
    clone = repo.clone(tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    tripwire = tmp_path / "fetched"
    clone.git("config", "remote.origin.uploadpack", f"touch '{tripwire}'; git-upload-pack")
    with pytest.raises(ToolCrashed, match="without --filter"), opened(clone, head="HEAD"):
        pass
    assert not tripwire.exists()


def test_a_failure_quotes_gits_first_line(repo: Repository) -> None:
    git = Git(programs=Sandbox(), program=find_program("git"), directory=str(repo.root / ".git"))
    with pytest.raises(ToolCrashed, match="git cat-file failed: fatal: Not a valid object name x"):
        anyio.run(git.read, "cat-file", "blob", "x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_owner_is_read(repo: Repository) -> None:
    repo.commit({"a.py": "x = 1\n", "link": Link("a.py")})
    repo.write({"a.py": "x = 2\n"})
    for folder, _, files in os.walk(repo.root):
        for name in (".", *files):
            os.chown(Path(folder, name), 4242, 4242, follow_symlinks=False)
    with opened(repo) as found:
        assert contents(found.change.head.root) == {"a.py": "x = 2\n"}
