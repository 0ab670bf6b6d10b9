"""A child's pipes, read and written without ever waiting for the wrong one."""

import os
import socket
from contextlib import suppress
from typing import IO

import anyio

_CHUNK = 1 << 16


async def feed(stream: IO[bytes], content: bytes) -> None:
    """Write `content` and close; a reader that went away is no error."""
    os.set_blocking(stream.fileno(), False)
    view = memoryview(content)
    with stream:
        try:
            while view:
                await anyio.wait_writable(stream)
                view = view[os.write(stream.fileno(), view[:_CHUNK]) :]
        except BrokenPipeError:
            return


async def send(line: socket.socket, content: bytes) -> None:
    """Send all of it over a non-blocking socket; a reader that went away is no error."""
    view = memoryview(content)
    with suppress(BrokenPipeError, ConnectionResetError):
        while view:
            await anyio.wait_writable(line)
            view = view[line.send(view) :]


async def read_capped(stream: IO[bytes], into: bytearray, cap: int) -> bool:
    """Append the stream to `into`; False when more than `cap` bytes arrived."""
    while len(into) <= cap:
        chunk = await _read(stream)
        if not chunk:
            return True
        into += chunk
    return False


async def read_tail(stream: IO[bytes], into: bytearray, keep: int) -> None:
    """Leave the last `keep` bytes in `into`; the rest is drained, so that nobody blocks."""
    while chunk := await _read(stream):
        into += chunk
        del into[: max(0, len(into) - keep)]


async def _read(stream: IO[bytes]) -> bytes:
    await anyio.wait_readable(stream)
    return os.read(stream.fileno(), _CHUNK)
