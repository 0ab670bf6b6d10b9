"""Finding and killing every process that a program left behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def kill_session(leader: int) -> None:
    """Kill the group of `leader` and everything of its session, until nothing of it is alive.

    The leader must not be reaped yet: its number would be free for somebody else. A process that
    left the session (``setsid``) is out of reach here; the launcher's supervisor sees those.
    """
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    for pid in _session(leader):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _session(leader: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(leader):
            with suppress(OSError):
                if _session_of((entry / "stat").read_bytes()) == leader:
                    yield int(entry.name)


def _session_of(stat: bytes) -> int:
    """Field 6 of proc(5) stat; the name before it may hold spaces and parentheses."""
    return int(stat.rpartition(b")")[2].split()[3])
