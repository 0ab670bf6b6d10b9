"""The connection under an answer, for faults that HTTP has no words for."""

import asyncio
import socket
import struct
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.fakes.github.hub import Hub

_MISSING = 64


class Connection(H11Protocol):
    """Remembers its transport under the address of its client."""

    open: ClassVar[dict[Any, asyncio.Transport]] = {}

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.open[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.open.pop(self.transport.get_extra_info("peername"), None)


class Broken(Response):
    """An answer that does not arrive as it should."""

    def __init__(self, hub: Hub, wire: str, response: Response) -> None:
        super().__init__(response.body, response.status_code)
        self.raw_headers = response.raw_headers
        self._hub = hub
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, or not."""
        transport = Connection.open[tuple(scope["client"])]
        match self._wire:
            case "reset":
                await _reset(transport)
            case "short":
                await self._short(transport, send)
            case "drip":
                await self._drip(transport, send)
            case _:
                await self._pause(self._hub.late_seconds, transport)
                if not transport.is_closing():
                    await super().__call__(scope, receive, send)

    async def _start(self, send: Send, length: int) -> None:
        headers = [(k, v) for k, v in self.raw_headers if k != b"content-length"]
        headers.append((b"content-length", str(length).encode()))
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})

    async def _short(self, transport: asyncio.Transport, send: Send) -> None:
        await self._start(send, len(self.body) + _MISSING)
        await _more(send, bytes(self.body), end=False)
        transport.close()
        await asyncio.sleep(0)

    async def _drip(self, transport: asyncio.Transport, send: Send) -> None:
        await self._start(send, len(self.body))
        for number in range(len(self.body)):
            if transport.is_closing():
                return
            await _more(send, bytes(self.body[number : number + 1]), end=False)
            await self._pause(self._hub.drip_seconds, transport)
        await _more(send, b"", end=True)

    async def _pause(self, seconds: float, transport: asyncio.Transport) -> None:
        """Wait, but not for a client that has left, nor beyond the test."""
        epoch, until = self._hub.epoch, asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            if transport.is_closing() or self._hub.epoch != epoch:
                transport.abort()
                return
            await asyncio.sleep(min(left, 0.05))


async def _more(send: Send, body: bytes, *, end: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": not end})


async def _reset(transport: asyncio.Transport) -> None:
    """End the connection with a reset, not with an end."""
    sock: socket.socket = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0)
