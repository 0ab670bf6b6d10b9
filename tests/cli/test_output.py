"""A document goes whole where it was wanted, or not at all."""

import os
from pathlib import Path
from threading import Thread

import pytest

from reviewbot.cli.output import replace_file


def test_a_file_is_replaced_and_a_link_is_not_followed(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.write_text("mine")
    link.symlink_to(kept)

    assert replace_file(link, "new")

    assert (kept.read_text(), link.read_text(), link.is_symlink()) == ("mine", "new", False)


def test_what_is_no_file_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    assert replace_file(pipe, "all of it")

    reader.join()
    assert (read, pipe.is_fifo()) == (["all of it"], True)


def test_a_place_that_takes_nothing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not replace_file(tmp_path, "text")
    assert not replace_file(tmp_path / "nowhere" / "x", "text")

    assert capsys.readouterr().err.splitlines() == [
        f"reviewbot: {tmp_path}: Is a directory",
        f"reviewbot: {tmp_path}/nowhere/x: No such file or directory",
    ]
