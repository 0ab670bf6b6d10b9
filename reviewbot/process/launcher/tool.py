"""A program in Python as the launcher knows it: how it is called, and what to call."""

import sys

_STANDARD_LIBRARY = tuple(sys.path[:-1])
"""The last place is our own, by which this module was found; see ``launching.py``."""


class Tool:
    """One program.

    Attributes:
        argv: how its command lines start.
        folders: where its modules are.
        module: the module to import.
        function: what to call there; what it returns is the exit code.
    """

    def __init__(self, words: list[str]) -> None:
        """Take the words of one program off the front; see ``Preloaded.words``."""
        self.argv = _counted(words)
        self.folders = _counted(words)
        self.module, self.function = words.pop(0), words.pop(0)

    def fetch(self) -> None:
        """Import it; to each program only its own folders are open."""
        sys.path[:] = [*_STANDARD_LIBRARY, *self.folders]
        __import__(self.module)

    def main(self) -> object:
        """Run it; arguments and environment are in their places."""
        sys.path[:] = [*_STANDARD_LIBRARY, *self.folders]
        return getattr(sys.modules[self.module], self.function)()


def _counted(words: list[str]) -> list[str]:
    """A list from the front of the words: its length, then its parts."""
    count = int(words.pop(0))
    found, words[:count] = words[:count], []
    return found
