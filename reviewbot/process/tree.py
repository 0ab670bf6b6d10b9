"""Killing what a program without a supervisor left behind."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_PASSES = 50
"""More than git or an orphan needs; an endless chain of forks is for the supervisor."""


def kill_session(leader: int) -> None:
    """Kill everything of the session of `leader`, itself included, until nothing of it lives.

    The leader must not be reaped yet: its number would be free for somebody else. A process that
    left the session (``setsid``) is out of reach here; the launcher's supervisor sees those.
    """
    os.kill(leader, signal.SIGKILL)
    _kill_while(
        lambda: [pid for pid in _processes() if pid != leader and _living_session(pid) == leader]
    )


def kill_marked(home: str) -> None:
    """Kill every process of ours whose ``HOME`` is `home`: for a supervisor that was killed."""
    mark = f"HOME={home}".encode()
    _kill_while(
        lambda: [pid for pid in _processes() if mark in _read(f"/proc/{pid}/environ").split(b"\0")]
    )


def _kill_while(find: Callable[[], list[int]]) -> None:
    """Kill what is found until nothing is; collect those that became our own children."""
    killed: set[int] = set()
    for _ in range(_PASSES):
        living = find()
        for pid in living:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed.update(living)
        if not living and not _dying(killed):
            return


def _dying(killed: Iterable[int]) -> list[int]:
    """Our children among the killed that are not dead yet; each of the dead is reaped by number."""
    dying = []
    for pid in killed:
        with suppress(ChildProcessError):  # somebody else's, or reaped before
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                dying.append(pid)
    return dying


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
