"""The live view: what it shows at any moment, and that it is redrawn in place."""

import io
import os
import pty
import re
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path
from threading import Thread
from unicodedata import east_asian_width

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import (
    AttemptFailed,
    Event,
    NodeSettled,
    NodeStarted,
    RunStarted,
)
from reviewbot.dag.watching.live import colored, redrawn, watched
from reviewbot.dag.watching.picture import Picture, cut
from tests.dag.trace.sample import GRAPH, RUN, events
from tests.dag.watching.program import GIVEN
from tests.dag.watching.program import GRAPH as SMALL

GOLDEN = Path(__file__).parents[2] / "golden" / "diagram" / "live.txt"


def moment(event: Event) -> float:
    if isinstance(event, RunStarted):
        return -1.0
    if isinstance(event, AttemptFailed):
        return event.attempt.started + event.attempt.seconds
    if isinstance(event, NodeSettled):
        return event.outcome.started + event.outcome.seconds
    return float(getattr(event, "at", 0.0))


def at(now: float, *, width: int = 96, height: int = 30) -> tuple[str, ...]:
    """The picture of the sample at this second."""
    picture = Picture()
    for event in events():
        if moment(event) <= now:
            picture.take(event)
    return picture.lines(now, width, height)


@pytest.mark.feature("U11")
def test_the_picture_at_several_moments_is_the_golden_one(request: pytest.FixtureRequest) -> None:
    drawn = "\n\n".join("\n".join(at(now)) for now in (0.0, 0.7, 3.2, 7.0, 8.3)) + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(drawn, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == drawn


def test_where_there_is_little_room_what_is_at_work_is_shown_first() -> None:
    lines = at(7.0, height=6)
    assert len(lines) <= 6
    assert any("types" in line for line in lines)
    assert any(re.search(r"… \d more", line) for line in lines)
    assert lines[-1] == "6 of 9 ended · 1 at work · 7.0 s · usd 0.01"


@given(st.text(max_size=60), st.integers(1, 60))
def test_a_line_never_takes_more_columns_than_there_are(text: str, width: int) -> None:
    shown = cut(text, width)
    assert shown.isprintable()
    assert sum(2 if east_asian_width(c) in "WF" else 1 for c in shown) <= width


@given(st.integers(20, 120), st.integers(3, 30), st.floats(0, 9))
def test_the_picture_always_fits(width: int, height: int, now: float) -> None:
    lines = at(now, width=width, height=height)
    assert len(lines) <= height
    assert all(sum(2 if east_asian_width(c) in "WF" else 1 for c in s) <= width for s in lines)


class Screen:
    """A terminal of so many columns that understands what the view sends, and nothing else."""

    def __init__(self) -> None:
        self.rows: list[str] = [""]
        self.row = 0
        self.blank = 0

    def feed(self, text: str) -> None:
        for part in re.split(r"(\x1b\[\??\d*[A-Za-z]|\r|\n)", text):
            self._take(part)

    def _take(self, part: str) -> None:
        if part.endswith("A") and part.startswith("\x1b["):
            self.row -= int(part[2:-1])
        elif part in {"\x1b[K", "\r", ""} or part.startswith("\x1b[?2026"):
            pass  # a line is written whole, so its rest is erased with it
        elif part == "\x1b[J":
            del self.rows[self.row + 1 :]
            self.rows[self.row] = ""
        elif part == "\n":
            self.row += 1
            if self.row == len(self.rows):
                self.rows.append("")
        else:
            assert "\x1b" not in part
            self.rows[self.row] = part


@pytest.mark.feature("U11")
def test_redrawing_replaces_the_block_and_leaves_nothing_of_it_behind() -> None:
    screen = Screen()
    screen.rows, screen.row = ["before", ""], 1
    blocks = (("a", "b", "c"), ("a2", "b2", "c2", "d2"), ("x",))
    before = 0
    for block in blocks:
        screen.feed(redrawn(before, block))
        before = len(block)
        assert screen.rows == ["before", *block, ""]


@contextmanager
def terminal(columns: int, lines: int) -> Iterator[tuple[io.TextIOWrapper, list[bytes]]]:
    """A real pseudo-terminal of this size: a stream to write to, and what came out of it."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST  # what is written is what is read
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    shown: list[bytes] = []
    reader = Thread(target=_read, args=(master, shown))
    reader.start()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        yield stream, shown
    reader.join()
    os.close(master)


def _read(master: int, shown: list[bytes]) -> None:
    with suppress(OSError):  # the other end was closed
        while part := os.read(master, 4096):
            shown.append(part)


async def slow() -> None:
    await anyio.sleep(0.12)


@pytest.mark.feature("U11")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_on_a_terminal_one_block_is_redrawn_in_place_until_the_run_ends(backend: str) -> None:
    graph = Graph([Node(name="一" * 40, run=slow), Node(name="quick\x1b[2J", run=slow)])

    async def main(stream: io.TextIOWrapper) -> None:
        async with watched(stream, every=0.02, color=False) as view:
            await run(graph, on_event=view)

    with terminal(50, 12) as (stream, shown):
        anyio.run(main, stream, backend=backend)
    drawn = b"".join(shown).decode()
    assert drawn.count("\x1b[?2026h") >= 3
    screen = Screen()
    screen.feed(drawn)
    assert len([row for row in screen.rows if row]) == 3
    assert screen.rows[-2].startswith("2 of 2 ended · 0 at work")
    assert any(re.match(r"wave 1  ✓ 一", row) for row in screen.rows)
    assert all(sum(2 if east_asian_width(c) in "WF" else 1 for c in s) < 50 for s in screen.rows)
    assert "\x1b[2J" not in drawn


class Gone(io.StringIO):
    """A terminal that was hung up."""

    def isatty(self) -> bool:
        return True

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_terminal_that_is_gone_costs_the_run_nothing() -> None:
    async def main() -> tuple[str, ...]:
        async with watched(Gone(), every=0.01) as view:
            return (await run(Graph([Node(name="n", run=slow)]), on_event=view)).warnings

    assert anyio.run(main) == ()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_raised_inside_comes_out_as_it_is(backend: str) -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    async def main() -> None:
        async with watched(Tty(), every=0.01):
            await anyio.sleep(0.02)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        anyio.run(main, backend=backend)


@pytest.mark.parametrize("line", at(3.2))
def test_colour_changes_no_letter_and_leaves_none_behind(line: str) -> None:
    shown = colored(line)
    assert re.sub(r"\x1b\[\d*m", "", shown) == line
    assert shown.rpartition("\x1b[")[2].startswith("0m")
    assert shown.startswith("\x1b[2m")


@pytest.mark.feature("U11")
def test_elsewhere_each_node_that_ended_is_one_plain_line() -> None:
    stream = io.StringIO()

    async def main() -> None:
        async with watched(stream) as view:
            await run(SMALL, GIVEN, on_event=view)

    anyio.run(main)
    lines = stream.getvalue().splitlines()
    assert "\x1b" not in stream.getvalue()
    assert {line.split()[1] for line in lines} >= {"lint", "types", "pack/first", "ask[a]", "after"}


def test_a_picture_without_a_graph_still_shows_who_works() -> None:
    picture = Picture()
    picture.take(NodeStarted(node="lint", at=0.0))
    assert picture.lines(1.0)[0].startswith("wave 1  ▶ lint")
    picture.take(NodeSettled(node="lint", outcome=RUN.outcomes["lint"]))
    assert "succeeded" in picture.lines(1.0)[0]
    assert GRAPH.nodes
