"""Clients and readers of a GitHub on loopback."""

import anyio
import pytest

from reviewbot.github.client import Client, Pace
from reviewbot.github.reading import Reader
from tests.fakes.github.hub import Hub


@pytest.fixture(scope="module", name="anyio_backend")
def on_one_loop() -> str:
    """For modules in which nothing depends on the event loop: the client has its own tests."""
    return "asyncio"


def door(hub: Hub, token: str | None = None) -> Client:
    """A client that does not wait between requests."""
    given = hub.actions_token() if token is None else token
    return Client(token=given, api_url=hub.api_url, pace=Pace(after_any=0, after_write=0))


def reader(hub: Hub, token: str | None = None, *, seconds: float = 10) -> Reader:
    """A reader through such a client, which waits next to nothing between two tries."""
    return Reader(port=door(hub, token), deadline=anyio.current_time() + seconds, first=0.001)
