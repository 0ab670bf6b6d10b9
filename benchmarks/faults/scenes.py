"""Who reviews: quick analyzers in this process, or the real tools as real processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.campaign import Scene
from reviewbot.cli.wiring import lanes
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.pipeline import Lane
from reviewbot.process import Sandbox
from reviewbot.settings import Settings
from reviewbot.testing import Faults
from reviewbot.testing.fakes.analyzers import Grep
from reviewbot.testing.fakes.change import change_of, written
from reviewbot.testing.fakes.texts import Texts

BACKUPS = {"lint": 0, "types": 1, "security": 2, "tests": 0}
"""The lanes of a review, and how many stand ready for each, as reviewbot is set by default."""

_POLICY = Policy(
    timeout=0.1, retry=Retry(on=(ConnectionError,), attempts=2, base=0.001, jitter=Jitter.NONE)
)

GREPPED = Texts(
    before={"a.py": "old lint\nold types\n", "b.py": "old security\n"},
    after={
        "a.py": "old lint\nold types\nnew lint\nnew types\nnew security\nnew tests\n",
        "b.py": "old security\nnew lint\n",
    },
)
_CALLER = """from shop.price import price


def total() -> int:
    return price(3)
"""
_TEST = """from shop.cart import total


def test_total():
    assert total()
"""
_UNCHANGED = {"shop/__init__.py": "", "shop/cart.py": _CALLER, "tests/test_cart.py": _TEST}
_BEFORE = """def price(net: int) -> int:
    return net * 2
"""
_AFTER = """import os
import subprocess


def price(net: int, tax: int) -> str:
    subprocess.call(f"echo {net}", shell=True)
    return str(net * tax)
"""
REVIEWED = Texts(
    before={**_UNCHANGED, "shop/price.py": _BEFORE}, after={**_UNCHANGED, "shop/price.py": _AFTER}
)
"""One change with something for each of the real tools to find."""


def in_process() -> Scene:
    """Four analyzers that look for words, with backups; a review takes milliseconds."""
    return Scene(change=change_of(GREPPED), sources=GREPPED, lanes=_greps)


def _greps(faults: Faults) -> tuple[Lane, ...]:
    return tuple(
        Lane(
            name=word,
            analyzer=faults.analyzer(_grep(word, word), word),
            backups=tuple(
                faults.analyzer(_grep(word, f"{word}{number}"), f"{word}/backup {number}")
                for number in range(1, count + 1)
            ),
            policy=_POLICY,
        )
        for word, count in BACKUPS.items()
    )


def _grep(word: str, tool: str) -> Grep:
    return Grep(word=word, texts=GREPPED, tool=tool, seconds=0.001)


@contextmanager
def with_tools() -> Iterator[Scene]:
    """Ruff, mypy, bandit and the test selection as reviewbot starts them, on a small project."""
    with TemporaryDirectory(prefix="faults-") as folder:
        Path(folder).chmod(0o755)  # the tools run as somebody else
        yield Scene(change=written(REVIEWED, Path(folder)), sources=REVIEWED, lanes=_tools)


def _tools(faults: Faults) -> tuple[Lane, ...]:
    sandbox = Sandbox()
    return tuple(
        lane
        for name in BACKUPS
        for lane in lanes(Settings(), faults.programs(sandbox, name))
        if lane.name == name
    )
