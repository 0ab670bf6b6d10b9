"""The engine is tested on both event loops; what starts real tools here runs on one."""

import pytest


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"
