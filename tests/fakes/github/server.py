"""GitHub on loopback: started once, emptied between tests."""

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from tests.fakes.github.app import application
from tests.fakes.github.hub import Hub
from tests.fakes.github.wire import Connection

_PATIENCE = 10.0


class Server:
    """Runs in a thread of its own, on two free ports: GitHub, and where artifacts lie."""

    def __init__(self, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="github-"))
        self._sockets = [_listening(port), _listening(0)]
        web, blobs = (f"http://{host}:{s.getsockname()[1]}" for s in self._sockets)
        self.hub = Hub(folder=self._folder, web=web, blobs=blobs)
        config = uvicorn.Config(
            application(self.hub),
            http=Connection,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=(self._sockets,), name="github"
        )

    def start(self) -> Hub:
        """Wait until it answers."""
        self._thread.start()
        until = time.monotonic() + _PATIENCE
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < until, "the server takes too long to start"
            time.sleep(0.005)
        return self.hub

    def stop(self) -> None:
        """End the thread, every connection, and what was written."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive(), "the server does not end"
        for each in self._sockets:
            each.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def running(*, port: int = 0, host: str = "127.0.0.1") -> Iterator[Hub]:
    """A server for as long as the block lasts."""
    server = Server(port=port, host=host)
    hub = server.start()
    try:
        yield hub
    finally:
        server.stop()


def _listening(port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's delay of 40 ms off for TCP by that only.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    made.listen(64)
    return made
