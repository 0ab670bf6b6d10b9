"""Changes with the stamps of the workspace, and a cache that spares each test a cold start."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewbot.analyzers.mypy import Mypy
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Change

Changes = Callable[..., Change]

_CLOCK = iter(range(1_700_000_000, 1_800_000_000))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop is enough here: the processes are tested on both."""
    return "asyncio"


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A kept cache that tests share: what it holds of others must never matter."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def stamped(change: Changes, warm: str) -> Changes:
    """Changes whose trees never share a modification time, as the workspace makes them.

    They use the shared cache unless a test says otherwise.
    """

    def make(**arguments: Any) -> Change:
        made = change(**{"cache": warm, **arguments})
        for tree in (made.base, made.head):
            moment = next(_CLOCK)
            for path in tree.files:
                os.utime(Path(tree.root, path), (moment, moment))
        return made

    return make


@pytest.fixture
def mypy(programs: Sandbox) -> Mypy:
    return Mypy(programs=programs)
