"""A folder goes away with its run, and after a killed run with the next one."""

import fcntl
import os
from pathlib import Path

from reviewbot.workspace.folders import private_folder


def _left(parent: Path, name: str, *, age: float) -> Path:
    folder = parent / f"reviewbot-{name}"
    folder.mkdir()
    (folder / "tree").write_text("left behind")
    (folder / ".lock").touch()
    then = (folder / ".lock").stat().st_mtime - age
    os.utime(folder / ".lock", (then, then))
    return folder


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    dead, young = _left(tmp_path, "dead", age=60), _left(tmp_path, "young", age=0)
    foreign = tmp_path / "reviewbot-foreign"
    foreign.mkdir()

    with private_folder(str(tmp_path)) as folder:
        assert sorted(tmp_path.iterdir()) == sorted([folder, young, foreign])
    assert not dead.exists()
    assert not folder.exists()


def test_a_folder_that_is_in_use_stays(tmp_path: Path) -> None:
    live = _left(tmp_path, "live", age=60)

    with (live / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with private_folder(str(tmp_path)):
            assert (live / "tree").exists()
