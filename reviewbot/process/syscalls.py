"""The system calls a program may not make, as a filter that the kernel runs (seccomp(2)).

Written out by hand because it is short, and because a library for it would have to be on every
machine. The instructions are those of linux/filter.h, the numbers those of asm/unistd.h.
"""

import errno
import platform
import struct
from dataclasses import dataclass
from pathlib import Path

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in ``struct seccomp_data``; of the argument the lower half, both are little-endian."""

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_OTHER_ABI = 0x40000000
"""From here on x86-64 counts its x32 calls, which would walk around the filter."""

_NAMESPACES = 0x7E020000
"""Every CLONE_NEW flag of clone(2)."""

_UNIX = 1
"""AF_UNIX, the one socket family that stays on the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machine:
    """The numbers of one architecture; `refused` are the same calls in the same order."""

    audit: int
    clone: int
    socket: int
    refused: tuple[int, ...]


# ptrace, process_vm_readv, process_vm_writev, unshare, setns, mount, keyctl, add_key, bpf,
# userfaultfd, perf_event_open; then the ones with one number everywhere: pidfd_getfd,
# io_uring_setup (would open sockets past the filter)
_EVERYWHERE = (438, 425)
_CLONE3 = 435
_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        clone=56,
        socket=41,
        refused=(101, 310, 311, 272, 308, 165, 250, 248, 321, 323, 298),
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        clone=220,
        socket=198,
        refused=(117, 270, 271, 97, 268, 40, 219, 217, 280, 282, 241),
    ),
}


def why_unfiltered() -> str:
    """Why no filter can be set here, in one line; empty when it can."""
    if platform.machine() not in _MACHINES:
        return f"no system call filter for {platform.machine()}: programs reach the network"
    if "Seccomp:" not in Path("/proc/self/status").read_text(encoding="ascii", errors="replace"):
        return "a kernel without seccomp: programs reach the network"
    return ""


def system_call_filter(machine: str, *, network: bool) -> bytes:
    """The filter for one machine, as an array of ``struct sock_filter``.

    Refused with EPERM: looking into other processes, new namespaces, mounts, keys, and calls of a
    foreign ABI; without `network` every socket family but AF_UNIX. ``clone3``, whose flags lie
    where no filter can see them, does not exist (ENOSYS), so that libc falls back to ``clone``.

    Raises:
        KeyError: a machine we have no numbers for.
    """
    numbers = _MACHINES[machine]
    refuse, allow = _instruction(_RETURN, _REFUSE | errno.EPERM), _instruction(_RETURN, _ALLOW)
    program = [
        _instruction(_LOAD, _ARCHITECTURE),
        *(_instruction(_EQUAL, numbers.audit, no=0, yes=1), refuse),
        _instruction(_LOAD, _NUMBER),
        *(_instruction(_AT_LEAST, _OTHER_ABI, no=1), refuse),
        *(_instruction(_EQUAL, _CLONE3, no=1), _instruction(_RETURN, _REFUSE | errno.ENOSYS)),
    ]
    for number in (*numbers.refused, *_EVERYWHERE):
        program += (_instruction(_EQUAL, number, no=1), refuse)
    program += (
        _instruction(_EQUAL, numbers.clone, no=4),
        _instruction(_LOAD, _FIRST_ARGUMENT),
        *(_instruction(_ANY_BIT, _NAMESPACES, no=1), refuse, allow),
    )
    if not network:
        program += (
            _instruction(_EQUAL, numbers.socket, no=4),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            *(_instruction(_EQUAL, _UNIX, yes=1), refuse, allow),
        )
    return b"".join((*program, allow))


def _instruction(code: int, operand: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; `yes` and `no` are how many to skip after a comparison."""
    return struct.pack("=HBBI", code, yes, no, operand)
