"""A folder goes away with its run, and after a killed run with a later one."""

import fcntl
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from reviewbot.process.folders import private_folder, readable_folder, sweep


def _left(parent: Path, name: str, *, age: float = 60) -> Path:
    folder = parent / f"reviewbot-{name}"
    folder.mkdir()
    (folder / "tree").write_text("left behind")
    (folder / ".lock").touch()
    then = (folder / ".lock").stat().st_mtime - age
    os.utime(folder / ".lock", (then, then))
    return folder


def _fill(folder: Path) -> None:
    """A tree too deep for a path and for a recursion, closed directories, links to outside."""
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "kept").touch()
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1200):
        os.symlink(outside, "link", dir_fd=here)
        os.mkdir("deeper", dir_fd=here)
        deeper = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    (folder / "closed").mkdir(mode=0)


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    dead, young = _left(tmp_path, "dead"), _left(tmp_path, "young", age=0)
    without_lock, of_others = tmp_path / "reviewbot-foreign", tmp_path / "other"
    without_lock.mkdir()
    of_others.mkdir()
    _fill(dead)

    sweep(str(tmp_path))

    assert not dead.exists()
    assert (tmp_path / "outside" / "kept").exists()
    assert {young, without_lock, of_others} < set(tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_that_is_in_use_stays(tmp_path: Path) -> None:
    live = _left(tmp_path, "live")

    with (live / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(str(tmp_path))

    assert (live / "tree").exists()


def test_a_lock_that_is_a_link_says_nothing_about_a_folder(tmp_path: Path) -> None:
    fooled = _left(tmp_path, "fooled")
    (fooled / ".lock").rename(tmp_path / "lock")
    (fooled / ".lock").symlink_to(tmp_path / "lock")

    sweep(str(tmp_path))

    assert (fooled / "tree").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: cannot give a folder away")
@pytest.mark.parametrize("given", [".", ".lock"])
def test_a_folder_of_another_user_stays(given: str, tmp_path: Path) -> None:
    foreign = _left(tmp_path, "foreign")
    os.chown(foreign / given, 12345, 12345)

    sweep(str(tmp_path))

    assert (foreign / "tree").exists()


@pytest.mark.parametrize(("make", "mode"), [(private_folder, 0o700), (readable_folder, 0o755)])
def test_a_folder_is_gone_afterwards_whatever_is_in_it(
    make: Callable[[], AbstractContextManager[Path]],
    mode: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with make() as folder:
        assert folder.stat().st_mode & 0o777 == mode
        sweep()
        _fill(folder)

    assert sorted(each.name for each in tmp_path.iterdir()) == ["outside"]
