"""Fixtures: import ``github_server`` and ``hub`` into the conftest of a room that needs them.

Written so that a test run which needs no GitHub imports none of it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.github.hub import Hub


@pytest.fixture(scope="session")
def github_server() -> Iterator["Hub"]:
    """A GitHub that runs as long as the tests do."""
    from tests.fakes.github.server import running  # noqa: PLC0415 — only who asks for it pays

    with running() as hub:
        yield hub


@pytest.fixture
def hub(github_server: "Hub") -> Iterator["Hub"]:
    """An empty GitHub; a test in which a client did what no client may do fails."""
    github_server.reset()
    yield github_server
    if github_server.violations:
        pytest.fail("\n".join(github_server.violations))
