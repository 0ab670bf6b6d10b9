"""The connection under an answer, for faults that HTTP has no words for."""

import asyncio
import socket
import struct
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """Remembers its transport under the address of its client."""

    open: ClassVar[dict[tuple[str, int], asyncio.Transport]] = {}

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.open[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.open.pop(self.transport.get_extra_info("peername"), None)


def transport_of(scope: Any) -> asyncio.Transport:
    """The connection that a request came over."""
    host, port = scope["client"]
    return Connection.open[host, port]


def reset(scope: Any) -> None:
    """End the connection with a reset, not with an end."""
    transport = transport_of(scope)
    sock: socket.socket = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
