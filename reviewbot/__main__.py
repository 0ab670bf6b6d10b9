"""``python -m reviewbot`` and the console script."""

import atexit
import gc
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

_INTERRUPTED = 130
_RARELY = (100_000, 20, 20)
"""When garbage is collected: most of what a review makes lives to its end, and is in no cycle."""


class Interruption:
    """A signal handler that interrupts, and remembers that it did.

    Python drops an exception that is raised in a callback, of the collector or of a weak reference
    for example: an interrupt that comes there while our modules load would be lost. Whoever starts
    to listen for signals asks for ``came``.
    """

    came = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Interrupt whatever runs."""
        self.came = True
        sys.unraisablehook = _without_a_word
        raise KeyboardInterrupt


def _without_a_word(_dropped: object) -> None:
    """Say nothing of what Python drops from now on.

    That is the interrupt itself, which is remembered, and the complaints of what it left half made:
    an event loop without its sockets, for example.
    """


def main() -> NoReturn:
    """Run the command line and leave with its documented exit code."""
    try:
        # A cancelled workflow sends SIGTERM: it ends us as Ctrl-C does, from the first moment on.
        interruption = Interruption()
        signal.signal(signal.SIGTERM, interruption)
        signal.signal(signal.SIGINT, interruption)
        gc.set_threshold(*_RARELY)
        if sys.getfilesystemencoding() != "utf-8":
            _start_again()
        # Here, because an interrupt while our modules load must be no traceback.
        from reviewbot.cli.front_door import enter  # noqa: PLC0415

        code = enter(sys.argv[1:])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code != _INTERRUPTED:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no other name for it
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End without taking the interpreter apart, which takes longer than to start it.

    An interrupt needs this too: one inside ``exec`` of a text, which is how dataclasses are made
    while modules load, is remembered by CPython although it was caught, and a usual exit would then
    kill us by SIGINT.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # full, closed, or never there
            stream.flush()
    os._exit(code)


def _start_again() -> None:
    """Become the same command in UTF-8 mode: git's paths are bytes that an old locale cannot name.

    See PEP 540. The option outranks ``PYTHONUTF8`` and ``LC_ALL``, so this happens once.
    """
    arguments = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own command line, as it was given


if __name__ == "__main__":
    main()
