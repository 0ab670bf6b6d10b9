"""The programs in Python that most reviews run, as they are called and as they are kept in memory.

Two of them are our own: they read hostile bytes, so each is a process behind ``process``. They see
the standard library and their own folder, none of the house.
"""

import sys
from pathlib import Path
from typing import Final

from reviewbot.process.preloaded import Preloaded, scripts

_HERE = Path(__file__).resolve().parent
_RUN = "import sys; sys.path.append(sys.argv[1]); from {module} import main; main()"


def _own(folder: str, module: str) -> Preloaded:
    """A module of our own as a program, imported as if it stood alone."""
    path = str(_HERE / folder)
    argv = (sys.executable, "-I", "-S", "-c", _RUN.format(module=module), path)
    return Preloaded(argv=argv, folders=(path,), module=module, function="main")


PARSING: Final = _own("impact", "parsing.__main__")
"""One summary per Python file; see ``impact/parsing``."""

SCAN: Final = _own("patterns", "scan")
"""Known mistakes; see ``patterns/scan.py``."""

PROGRAMS: Final = (
    *scripts([("mypy", "mypy.__main__", "console_entry")]),
    PARSING,
    SCAN,
    *scripts([("bandit", "bandit.cli.main", "main")]),
)
"""What is worth being kept in memory, in the order in which it is wanted."""
