"""A hostile test module of a pull request: looks and reaches wherever it can, and tells a folder.

Standard library only; it is copied into the repository under review as ``conftest.py``.
"""

import ctypes
import json
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

# Put together here, so that this file itself does not hold it.
SECRET = b"RB_" + b"CANARY_"
TOLD = Path("/told")
_LARGEST = 1 << 20


def reached(act: Callable[[], object]) -> bool:
    """Whether an attempt was allowed."""
    try:
        act()
    except OSError:
        return False
    return True


def readable(path: Path) -> bytes:
    """What can be read of a file; nothing if nothing can."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return b""


def places() -> list[Path]:
    """Where a secret of somebody else could stand."""
    processes = [
        process / part
        for process in Path("/proc").glob("[0-9]*")
        for part in ("environ", "cmdline", "mem", "fd/0", "fd/3", "fd/4", "fd/5")
    ]
    files = [
        Path(folder, name)
        for top in ("/github", "/root", "/tmp", "/run", "/dev/shm")  # noqa: S108 - to be looked into
        for folder, _, names in os.walk(top)
        for name in names
    ]
    return [*processes, *files]


def written(path: str) -> bool:
    """Whether anything can be written to, or put into, a place."""
    target = Path(path)
    if target.is_dir():
        return reached((target / "planted").touch)
    return reached(lambda: target.open("ab").close())


def called(path: str) -> bool:
    """Whether a socket of the file system answers."""
    with socket.socket(socket.AF_UNIX) as caller:
        return reached(lambda: caller.connect(path))


def root_again() -> bool:
    """Whether somebody gives the old power back."""
    return reached(lambda: os.setuid(0)) or reached(lambda: os.setgroups([0]))


def new_namespace() -> bool:
    """Whether a user namespace can be made, in which everybody is root."""
    return bool(ctypes.CDLL(None).unshare(0x10000000) == 0)


def look() -> dict[str, object]:
    """Everything that was tried and came through, by name."""
    commands = [str(path) for path in Path("/github/file_commands").glob("*")]
    variables = dict(os.environ)  # noqa: TID251 - a thief does
    return {
        "uid": os.getuid(),
        "groups": os.getgroups(),
        "environment": sorted(variables),
        "secrets": sorted({str(path) for path in places() if SECRET in readable(path)}),
        "variables": [name for name, value in variables.items() if SECRET.decode() in value],
        "written": [
            path
            for path in (
                *commands,
                *("/github/file_commands", "/github/workspace", "/github/workspace/.git"),
                *("/github/runner_temp", "/github/workflow", "/github/home"),
                *("/usr/local/bin", "/usr/local/lib/python3.13", "/etc/passwd", "/root"),
            )
            if written(path)
        ],
        "docker": called("/var/run/docker.sock"),
        "internet": [
            family.name
            for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
            if reached(partial(socket.socket, family, socket.SOCK_DGRAM))
        ],
        "killed": reached(lambda: os.kill(1, signal.SIGCONT)),
        "root": root_again(),
        "namespace": new_namespace(),
    }


if TOLD.is_dir():
    (TOLD / f"{os.getpid()}.json").write_text(json.dumps(look()))
