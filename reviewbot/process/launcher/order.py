"""What to start and how, as bytes: both sides of the line read this module."""

import os

_LENGTH = 8
"""Bytes of the number before an order: how long it is."""


class Order:
    """One program to start.

    Attributes:
        identity: the user id to become, or 0 to stay who we are.
        limits: seconds of CPU, bytes of memory and of a file, processes, open files.
        pin: the CPUs it may run on; none for all.
        system_calls: a filter as the kernel reads it (seccomp(2)), or nothing.
        cwd: where to start it.
        environment: all it sees.
        argv: the program and its arguments.
    """

    def __init__(self, fields: list[bytes]) -> None:
        self.identity, *self.limits = map(int, fields[:6])
        self.pin = [int(cpu) for cpu in fields[6].split(b",") if cpu]
        self.system_calls = bytes.fromhex(fields[7].decode())
        self.cwd = fields[8]
        arguments = 10 + int(fields[9])
        self.environment = dict(each.split(b"=", 1) for each in fields[10:arguments])
        self.argv = fields[arguments:]


def pack(fields: list[str]) -> bytes:
    """An order on its way: its length, and the fields with a NUL after each.

    No argument, variable or path can hold a NUL.
    """
    content = b"".join(os.fsencode(field) + b"\0" for field in fields)
    return len(content).to_bytes(_LENGTH, "big") + content


def read_order(line: int) -> Order | None:
    """The order that arrives on a line; None when the line ended before it."""
    fields = _read(line, int.from_bytes(_read(line, _LENGTH), "big")).split(b"\0")[:-1]
    return Order(fields) if fields else None


def _read(line: int, length: int) -> bytes:
    """So many bytes, or none when the line ended before them."""
    content = bytearray()
    while len(content) < length:
        chunk = os.read(line, length - len(content))
        if not chunk:
            return b""
        content += chunk
    return bytes(content)
