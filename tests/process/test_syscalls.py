"""The filter as the kernel reads it: run by a small machine of our own, for every architecture."""

import errno
import struct
from dataclasses import dataclass

import pytest

from reviewbot.process.syscalls import system_call_filter

ALLOWED, EPERM, ENOSYS = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SOCKET = {"x86_64": 41, "aarch64": 198}
CLONE = {"x86_64": 56, "aarch64": 220}
PTRACE = {"x86_64": 101, "aarch64": 117}
READ = {"x86_64": 0, "aarch64": 63}
CLONE3, PIDFD_GETFD, IO_URING_SETUP = 435, 438, 425

machines = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the kernel hands to a filter: ``struct seccomp_data``."""

    number: int
    audit: int
    argument: int = 0

    def packed(self) -> bytes:
        return struct.pack("=iIQ6Q", self.number, self.audit, 0, self.argument, 0, 0, 0, 0, 0)


def verdict(program: bytes, call: Call) -> int:
    """Run classic BPF: load, three conditional jumps, return; anything else is an error."""
    instructions = list(struct.iter_unpack("=HBBI", program))
    data, accumulator, position = call.packed(), 0, 0
    while True:
        code, yes, no, operand = instructions[position]
        position += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, operand)
            case 0x15:
                position += yes if accumulator == operand else no
            case 0x35:
                position += yes if accumulator >= operand else no
            case 0x45:
                position += yes if accumulator & operand else no
            case 0x06:
                return int(operand)
            case _:
                raise AssertionError(f"no such instruction: {code:#x}")


@machines
@pytest.mark.parametrize("network", ["open", "closed"])
def test_sockets_leave_the_machine_only_with_the_network(machine: str, network: str) -> None:
    program = system_call_filter(machine, network=network == "open")
    expected = ALLOWED if network == "open" else EPERM
    for family in (2, 10, 16, 17, 38, 40):
        call = Call(number=SOCKET[machine], audit=AUDIT[machine], argument=family)
        assert verdict(program, call) == expected
    local = Call(number=SOCKET[machine], audit=AUDIT[machine], argument=1)
    assert verdict(program, local) == ALLOWED


@machines
def test_whatever_looks_around_is_refused(machine: str) -> None:
    program = system_call_filter(machine, network=True)
    for number in (PTRACE[machine], PIDFD_GETFD, IO_URING_SETUP):
        assert verdict(program, Call(number=number, audit=AUDIT[machine])) == EPERM
    assert verdict(program, Call(number=CLONE3, audit=AUDIT[machine])) == ENOSYS


@machines
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (17, ALLOWED),  # fork: SIGCHLD
        (0x3D0F00, ALLOWED),  # a thread of glibc
        (0x10000000 | 17, EPERM),  # a user namespace
        (0x40000000 | 17, EPERM),  # a network namespace
        (0x00020000 | 17, EPERM),  # a mount namespace
    ],
)
def test_processes_and_threads_may_start_but_no_namespaces(
    machine: str, flags: int, expected: int
) -> None:
    program = system_call_filter(machine, network=False)
    call = Call(number=CLONE[machine], audit=AUDIT[machine], argument=flags)
    assert verdict(program, call) == expected


@machines
def test_calls_of_a_foreign_abi_are_refused(machine: str) -> None:
    program = system_call_filter(machine, network=True)
    assert verdict(program, Call(number=READ[machine], audit=AUDIT[machine])) == ALLOWED
    assert verdict(program, Call(number=READ[machine], audit=0x40000003)) == EPERM
    assert verdict(program, Call(number=READ[machine] | 1 << 30, audit=AUDIT[machine])) == EPERM
