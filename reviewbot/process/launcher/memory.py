"""Programs in Python that are imported before anybody asks for them, and then only forked."""

import gc
import os

from .forked import Shown, begin, leave
from .order import Order
from .tool import Tool


class Memory:
    """The programs that are here, and those that are still to come."""

    def __init__(self, words: list[str]) -> None:
        """Read the words of all programs."""
        self._here: list[Tool] = []
        self._waiting: list[Tool] = []
        while words:
            self._waiting.append(Tool(words))
        self._count = len(self._waiting)
        self._shown = Shown()

    @property
    def is_waiting(self) -> bool:
        """Whether there is something left to import."""
        return bool(self._waiting)

    def fetch(self) -> None:
        """Import the next one; what cannot be imported is started as a program, and says why."""
        gc.disable()
        tool = self._waiting.pop(0)
        try:
            tool.fetch()
        except ImportError:
            return
        self._here.append(tool)
        gc.freeze()  # a collection in a fork would touch, and so copy, every page

    def fetch_all(self, needed: int) -> None:
        """Import until the first `needed` of all programs were."""
        while self._count - len(self._waiting) < needed:
            self.fetch()

    def find(self, order: Order) -> Tool | None:
        """The program that an order wants, when it is here and can be shown as what it is."""
        argv = list(map(os.fsdecode, order.argv))
        found = (each for each in self._here if argv[: len(each.argv)] == each.argv)
        return next(found, None) if self._shown.takes(order) else None

    def be(self, tool: Tool, order: Order) -> None:
        """Be the program, as if it had been executed (execve(2)). Never returns.

        Powers are given up already.
        """
        self._shown.show(order)
        begin(order, order.argv[len(tool.argv) - 1 :])
        gc.enable()
        leave(tool)
