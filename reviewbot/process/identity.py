"""User ids that belong to nobody, one per running program."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import anyio

_FIRST, _COUNT = 64000, 64
"""A range that no distribution gives to people or to services it ships."""

_TAKEN = 0.05
"""Seconds between two looks while every identity is taken."""

_LONGEST_FIRST_LINE = 256

_NEEDED = {0: "CAP_CHOWN", 5: "CAP_KILL", 6: "CAP_SETGID", 7: "CAP_SETUID"}
"""The capabilities (capabilities(7), by bit) to become another user and to clean up after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A user id (and the group id of the same number) that no other program runs under now.

    The claim is a bound name in the abstract socket namespace (unix(7)): atomic, seen by every
    other reviewbot of the machine, and gone with the last process that holds it, however it ends.
    """

    uid: int
    claim: socket.socket

    @classmethod
    async def take(cls) -> Self:
        """Claim a free identity, after the wait that takes."""
        while True:
            for uid in range(_FIRST, _FIRST + _COUNT):
                claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                try:
                    claim.bind(f"\0reviewbot-identity-{uid}")
                except OSError:
                    claim.close()
                else:
                    return cls(uid=uid, claim=claim)
            await anyio.sleep(_TAKEN)

    def release(self) -> None:
        """Leave it to the next program."""
        self.claim.close()


def why_impossible() -> str:
    """Why no program can have an identity of its own here, in one line; empty when it can."""
    if os.geteuid() != 0:
        return "not root: no other uid"
    held = _capabilities()
    missing = [name for bit, name in _NEEDED.items() if not held >> bit & 1]
    return f"root without {', '.join(missing)}: no other uid" if missing else ""


def _capabilities() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))


def closed_to_others(path: str) -> str:
    """The first directory on the way to `path` that another user cannot pass; empty if none.

    Links are followed, as the kernel does when it starts a program.
    """
    for directory in reversed(Path(path).resolve().parents):
        if not directory.stat().st_mode & 0o001:
            return str(directory)
    return ""


def closed_program(path: str) -> str:
    """As ``closed_to_others``, for a program and, of a script, its interpreter too."""
    try:
        return closed_to_others(path) or closed_to_others(_interpreter(path))
    except OSError:
        return ""


def _interpreter(path: str) -> str:
    """What the kernel starts for a script (execve(2)), or the program itself."""
    if not Path(path).is_file():
        return path  # a pipe would keep us waiting
    with Path(path).open("rb") as program:
        first = program.read(_LONGEST_FIRST_LINE).partition(b"\n")[0]
    words = first.removeprefix(b"#!").split()
    return os.fsdecode(words[0]) if first.startswith(b"#!") and words else path
