"""The frame around a review that listens for signals lets errors through as they are."""

import errno
import signal

import anyio
import pytest

from reviewbot.cli.signals import stop_on_signals
from reviewbot.errors import UsageError


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), UsageError("no such thing")])
def test_an_expected_error_of_the_body_is_in_no_group(error: Exception) -> None:
    async def body() -> None:
        async with stop_on_signals():
            raise error

    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(type(error)) as caught:
            anyio.run(body)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert caught.value is error


def test_after_a_review_sigterm_is_still_an_interrupt() -> None:
    async def body() -> None:
        async with stop_on_signals():
            pass

    before = signal.getsignal(signal.SIGTERM)
    try:
        anyio.run(body)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
