"""A server of one's own on loopback that answers byte by byte as a test says, faults included."""

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self

Script = Callable[["Seen", socket.socket, "Wire"], None]

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived."""

    verb: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Wire:
    """Every request is answered by the next script; the last one answers for ever after."""

    scripts: tuple[Script, ...]
    seen: list[Seen] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    _socket: socket.socket = field(init=False)
    _threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for each in self._threads:
            each.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _start(self, work: Callable[..., None], *given: object) -> None:
        thread = Thread(target=work, args=given)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            request = _read(connection)
            if request is None:
                return
            script = self.scripts[min(len(self.seen), len(self.scripts) - 1)]
            self.seen.append(request)
            script(request, connection, self)


def _read(connection: socket.socket) -> Seen | None:
    data = b""
    while _END not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(_END)
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    verb, path, _ = first.split(" ")
    return Seen(verb=verb, path=path, headers=headers, body=body)


def says(status: int, body: object = None, *, length: int | None = None, **headers: str) -> Script:
    """An answer: JSON of a value, or the bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = {"content-type": "application/json; charset=utf-8", "connection": "close"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {**kind, "content-length": str(length or len(content)), **given}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    def script(_seen: Seen, connection: socket.socket, _wire: Wire) -> None:
        connection.sendall(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content)

    return script


def drips(status: int, body: bytes, *, every: float, where: str = "body") -> Script:
    """An answer of which one byte comes now and then."""

    def script(_seen: Seen, connection: socket.socket, wire: Wire) -> None:
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        fast, slow = (head.encode(), body) if where == "body" else (b"", head.encode() + body)
        connection.sendall(fast)
        for byte in slow:
            connection.sendall(bytes([byte]))
            if wire.over.wait(every):
                return

    return script


def resets(_seen: Seen, connection: socket.socket, _wire: Wire) -> None:
    """The request arrived, and the connection dies."""
    linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def hangs(_seen: Seen, _connection: socket.socket, wire: Wire) -> None:
    """The request arrived, and nothing comes until the test is over."""
    wire.over.wait(30)
