"""Who runs where: while the slowest program of a wave runs, the others leave it a core."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from reviewbot.process.command import Command


class Cores:
    """Keeps one CPU free of everybody else while a program runs that decides how long it takes.

    Measured on two cores: with mypy alone on one and all other tools on the other, a wave takes
    0.91 to 1.10 times its slowest tool; unpinned 1.04 to 1.39 times. The slow one itself is not
    bound to that core: on a shared machine it must be able to evade a stranger.
    """

    def __init__(self) -> None:
        self._slow = 0

    @contextmanager
    def shared(self, command: Command) -> Iterator[Command]:
        """The command with the CPUs it may use."""
        if command.slowest:
            self._slow += 1
            try:
                yield command
            finally:
                self._slow -= 1
        elif self._slow and command.pin is None:
            yield replace(command, pin=_all_but_one())
        else:
            yield command


def _all_but_one() -> frozenset[int] | None:
    mine = sorted(os.sched_getaffinity(0))
    return frozenset(mine[1:]) or None
