"""The environment of every child: built from nothing, never a copy minus names."""

import sys
from collections.abc import Mapping
from pathlib import Path

from reviewbot.errors import ToolMissing

SCRIPTS = str(Path(sys.executable).parent)
"""Where the console scripts beside our own interpreter are."""

SEARCH = (SCRIPTS, "/usr/local/bin", "/usr/bin", "/bin")
"""The only directories a program is looked for in; ``PATH`` of the parent is never read."""

NO_HOME = "/nonexistent"
"""The home of a program that needs none, in the word of Debian's policy (9.2.3)."""

_FIXED = {
    "PATH": ":".join(SEARCH),
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PYTHONSAFEPATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "NO_COLOR": "1",
}


def child_environment(home: str, added: Mapping[str, str]) -> dict[str, str]:
    """All a child sees: the fixed list, a home of its own, and what the command adds."""
    return {**_FIXED, "HOME": home, "TMPDIR": home, **added}


def find_program(name: str) -> str:
    """The absolute path of the program called `name`.

    The console script beside our own interpreter comes first, so that a tool's version is the one
    we were installed with.

    Raises:
        ToolMissing: it is in none of the directories of ``SEARCH``.
    """
    for directory in SEARCH:
        path = Path(directory, name)
        if path.is_file() and path.stat().st_mode & 0o111:
            return str(path)
    raise ToolMissing(f"{name} is not installed", hint=f"looked in {', '.join(SEARCH)}")
