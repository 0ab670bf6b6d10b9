"""Killing what a program without a supervisor left behind."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

_PASSES = 50
"""More than git or an orphan needs; an endless chain of forks is for the supervisor."""

_ENVIRONMENT, _LINE = 1 << 21, 1 << 12
"""Bytes of the largest environment that the kernel takes; of a file of one line."""


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
        lambda: [
            pid for pid in _processes() if mark in _read(pid, "environ", _ENVIRONMENT).split(b"\0")
        ]
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
    fields = _read(pid, "stat", _LINE).rpartition(b")")[2].split()
    return int(fields[3]) if fields and fields[0] != b"Z" else None


def _processes() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208 -- see below


def _read(pid: int, name: str, most: int) -> bytes:
    """A file of proc(5); pathlib would take five times as long, for every process of a machine."""
    try:
        descriptor = os.open(f"/proc/{pid}/{name}", os.O_RDONLY)
    except OSError:  # it ended meanwhile, or it is not ours
        return b""
    try:
        return os.read(descriptor, most)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
