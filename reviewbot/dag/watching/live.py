"""The live view: one block on a terminal, redrawn in place; plain lines anywhere else."""

import os
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TextIO

import anyio

from reviewbot.dag.diagram.signs import SIGNS
from reviewbot.dag.run import Outcome
from reviewbot.dag.running.clock import SYSTEM, Clock
from reviewbot.dag.running.events import Event, NodeSettled, RunSettled, RunStarted
from reviewbot.dag.watching.picture import Picture, cut

_EVERY = 0.1  # seconds between two drawings: clocks tick smoothly, and a terminal keeps up
# A terminal that knows "synchronized output" shows a block at once, others ignore the marks:
# https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036
_COLOURS: Mapping[str, str] = {
    **dict.fromkeys("✓≡", "\x1b[32m"),
    **dict.fromkeys("↪↩◐↻", "\x1b[33m"),
    **dict.fromkeys("✗⏱", "\x1b[31m"),
    **dict.fromkeys("·■◦", "\x1b[2m"),
    "▶": "\x1b[36m",
}
_ROW = re.compile(rf"(wave \d+ *| {{8}})([{''.join(_COLOURS)}])( .*)")
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"


@asynccontextmanager
async def watched(
    stream: TextIO, *, color: bool = True, clock: Clock = SYSTEM, every: float = _EVERY
) -> AsyncIterator[Callable[[Event], None]]:
    """Give a listener that shows the run on the stream, and keep it up to date.

    On a terminal a block of lines stands below everything else, drawn at once and never scrolled;
    what stands there at the end stays. Elsewhere each node that settles is one line.
    """
    if not stream.isatty():
        yield lambda event: _tell(stream, event)
        return
    view = View(stream, clock, color=color)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_redraw, view, every)
            try:
                yield view
            finally:
                tasks.cancel_scope.cancel()
                view.draw()
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        # What the run raised is for those around us; that there is a group is our own affair.
        raise group.exceptions[0] from None


async def _redraw(view: "View", every: float) -> None:
    while True:
        await anyio.sleep(every)
        view.draw()


def _tell(stream: TextIO, event: Event) -> None:
    if isinstance(event, NodeSettled):
        stream.write(settled_line(event.node, event.outcome) + "\n")
        stream.flush()


def settled_line(node: str, outcome: Outcome[object]) -> str:
    """One line about a node that ended."""
    reason = f"  {outcome.reason}" if outcome.reason else ""
    told = f"{SIGNS[outcome.status]} {node:<12} {outcome.status.value:<10} {outcome.seconds:6.1f} s"
    return cut(f"{told}{reason}", 200)


class View:
    """A listener that draws a block of lines over the one it drew before."""

    def __init__(self, stream: TextIO, clock: Clock, *, color: bool = True) -> None:
        self._stream = stream
        self._is_colored = color
        self._is_lost = False
        self._clock = clock
        self._zero = clock.now()
        self._picture = Picture()
        self._drawn: tuple[str, ...] = ()
        self._ended: float | None = None

    def __call__(self, event: Event) -> None:
        """Take note; the drawing follows within a tenth of a second."""
        if isinstance(event, RunStarted):
            self._zero = self._clock.now()
        elif isinstance(event, RunSettled):
            self._ended = event.run.seconds
        self._picture.take(event)

    def draw(self) -> None:
        """Draw the block over the last one, in one write; a block that is the same is left.

        A terminal that is gone is drawn on no more: looking on must not cost the run.
        """
        if self._is_lost:
            return
        now = self._clock.now() - self._zero if self._ended is None else self._ended
        columns, rows = _size(self._stream)
        # The last column stays free: a line that fills it wraps on some terminals.
        lines = self._picture.lines(now, columns - 1, rows - 1)
        if self._is_colored:
            lines = tuple(map(colored, lines))
        if lines != self._drawn:
            self._write(redrawn(len(self._drawn), lines))
            self._drawn = lines

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # hung up, or closed
            self._is_lost = True


def _size(stream: TextIO) -> tuple[int, int]:
    """Columns and rows of this very terminal; standard output may be another one, or a file."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return 80, 24
    return size.columns or 80, size.lines or 24


def colored(line: str) -> str:
    """A line of the picture with its sign in colour and what is of less weight dimmed."""
    found = _ROW.fullmatch(line)
    if found is None:
        return f"\x1b[2m{line}\x1b[0m"
    wave, sign, rest = found.groups()
    return f"\x1b[2m{wave}\x1b[0m{_COLOURS.get(sign, '')}{sign}\x1b[0m{rest}"


def redrawn(before: int, lines: tuple[str, ...]) -> str:
    """The characters that replace a block of `before` lines above the cursor by these lines.

    Each line is overwritten and its rest erased, so that nothing is ever blank in between.
    """
    up = f"\x1b[{before}A" if before else ""
    body = "".join(f"{line}\x1b[K\n" for line in lines)
    return f"{_BEGIN}{up}\r{body}\x1b[J{_END}"
