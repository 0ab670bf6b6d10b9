"""What execve(2) and the interpreter do around a program, for one that is only forked."""

import atexit
import ctypes
import os
import sys

from .order import Order
from .tool import Tool

_SIGINT = 2
_BROKEN_STREAM = 120
"""What the interpreter ends with when last words cannot be written (Py_FinalizeEx)."""

# proc_pid_stat(5): fields 48 to 51, counted after the name, which ends with the last ")"
_FIELDS = slice(48 - 3, 51 - 3 + 1)


class Shown:
    """The memory that the kernel shows as command line and environment of this process."""

    def __init__(self) -> None:
        with open("/proc/self/stat", "rb") as stat:  # noqa: PTH123 -- pathlib is slow to import
            fields = stat.read().rpartition(b")")[2].split()[_FIELDS]
        self._words, self._words_end, self._variables, self._variables_end = map(int, fields)

    def takes(self, order: Order) -> bool:
        """Whether there is room for the environment of an order.

        Its home is the mark by which a program is found when its supervisor is gone.
        """
        room = self._variables_end - self._variables
        return bool(self._variables) and len(_variables(order)) < room

    def show(self, order: Order) -> None:
        """Show a program's own command line, as far as there is room, and its environment."""
        _fill(self._words, self._words_end, b"".join(word + b"\0" for word in order.argv))
        _fill(self._variables, self._variables_end, _variables(order))


def begin(order: Order, argv: list[bytes]) -> None:
    """Close all descriptors but the standard streams; replace environment and arguments."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    for name in list(os.environb):
        del os.environb[name]
    os.environb.update(order.environment)
    sys.argv = list(map(os.fsdecode, argv))


def leave(tool: Tool) -> None:
    """Run a program and end as the interpreter does, without taking it apart. Never returns."""
    try:
        code = tool.main()
    except SystemExit as end:
        code = end.code
    except BaseException as error:  # noqa: BLE001 -- the outermost frame of a program
        sys.excepthook(*sys.exc_info())
        code = -_SIGINT if isinstance(error, KeyboardInterrupt) else 1
    number = _number(code)
    if number == -_SIGINT:
        ctypes.CDLL(None).signal(_SIGINT, None)
        os.kill(os.getpid(), _SIGINT)
    atexit._run_exitfuncs()  # noqa: SLF001 -- there is no other name for it
    for stream in (sys.stdout, sys.stderr):
        try:
            if not stream.closed:
                stream.flush()
        except OSError:
            number = _BROKEN_STREAM
    os._exit(number & 0xFF)


def _number(code: object) -> int:
    """An exit code: ``None`` is 0, a text is an error message (``sys.exit``)."""
    if isinstance(code, int):
        return code
    if code is not None:
        print(code, file=sys.stderr)  # noqa: T201 -- see above
    return int(code is not None)


def _variables(order: Order) -> bytes:
    return b"".join(b"%s=%s\0" % pair for pair in order.environment.items())


def _fill(start: int, end: int, content: bytes) -> None:
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, content, min(len(content), end - start - 1))
