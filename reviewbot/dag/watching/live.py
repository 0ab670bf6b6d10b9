"""The live view: one block on a terminal, redrawn in place; plain lines anywhere else."""

import shutil
from collections.abc import AsyncIterator, Callable
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
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"


@asynccontextmanager
async def watched(
    stream: TextIO, *, clock: Clock = SYSTEM, every: float = _EVERY
) -> AsyncIterator[Callable[[Event], None]]:
    """Give a listener that shows the run on the stream, and keep it up to date.

    On a terminal a block of lines stands below everything else, drawn at once and never scrolled;
    what stands there at the end stays. Elsewhere each node that settles is one line.
    """
    if not stream.isatty():
        yield lambda event: _tell(stream, event)
        return
    view = View(stream, clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_redraw, view, every)
        try:
            yield view
        finally:
            tasks.cancel_scope.cancel()
            view.draw()


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

    def __init__(self, stream: TextIO, clock: Clock) -> None:
        self._stream = stream
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
        """Draw the block over the last one, in one write; a block that is the same is left."""
        now = self._clock.now() - self._zero if self._ended is None else self._ended
        size = shutil.get_terminal_size()
        # The last column stays free: a line that fills it wraps on some terminals.
        lines = self._picture.lines(now, size.columns - 1, size.lines - 1)
        if lines != self._drawn:
            self._stream.write(redrawn(len(self._drawn), lines))
            self._stream.flush()
            self._drawn = lines


def redrawn(before: int, lines: tuple[str, ...]) -> str:
    """The characters that replace a block of `before` lines above the cursor by these lines.

    Each line is overwritten and its rest erased, so that nothing is ever blank in between.
    """
    up = f"\x1b[{before}A" if before else ""
    body = "".join(f"{line}\x1b[K\n" for line in lines)
    return f"{_BEGIN}{up}\r{body}\x1b[J{_END}"
