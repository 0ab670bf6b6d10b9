"""Killing what a program without a supervisor left behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PASSES = 50
"""More than git or an orphan needs; an endless chain of forks is for the supervisor."""


def kill_session(leader: int) -> None:
    """Kill everything of the session of `leader`, itself included, until nothing of it lives.

    The leader must not be reaped yet: its number would be free for somebody else. A process that
    left the session (``setsid``) is out of reach here; the launcher's supervisor sees those.
    """
    for _ in range(_PASSES):
        living = [pid for pid in _processes() if _living_session(pid) == leader]
        for pid in living:
            _kill(pid)
        if not living:
            return


def kill_marked(home: str) -> None:
    """Kill every process of ours whose ``HOME`` is `home`: for a supervisor that was killed."""
    mark = f"HOME={home}".encode()
    for pid in _processes():
        if mark in _read(f"/proc/{pid}/environ").split(b"\0"):
            _kill(pid)


def _living_session(pid: int) -> int | None:
    """Fields 3 and 6 of proc(5) stat; field 2, the name, may hold spaces and parentheses."""
    fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return int(fields[3]) if fields and fields[0] != b"Z" else None


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:  # it ended meanwhile, or it is not ours
        return b""


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
