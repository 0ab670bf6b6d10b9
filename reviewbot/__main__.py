"""``python -m reviewbot`` and the console script."""

import gc
import os
import signal
import sys
from contextlib import suppress

_INTERRUPTED = 130
_RARELY = (100_000, 20, 20)
"""When garbage is collected: most of what a review makes lives to its end, and is in no cycle."""


def main() -> None:
    """Run the command line and leave with its documented exit code."""
    try:
        # A cancelled workflow sends SIGTERM: it ends us as Ctrl-C does, from the first moment on.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        gc.set_threshold(*_RARELY)
        if sys.getfilesystemencoding() != "utf-8":
            _start_again()
        # Here, because an interrupt while our modules load must be no traceback.
        from reviewbot.cli.front_door import enter  # noqa: PLC0415

        code = enter(sys.argv[1:])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        _leave_interrupted()
    sys.exit(code)


def _leave_interrupted() -> None:
    """End with 130 whatever the interpreter remembers.

    An interrupt inside ``exec`` of a text, which is how dataclasses are made while modules load, is
    remembered by CPython although it was caught: a usual exit would then kill us by SIGINT.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    os._exit(_INTERRUPTED)


def _start_again() -> None:
    """Become the same command in UTF-8 mode: git's paths are bytes that an old locale cannot name.

    See PEP 540. The option outranks ``PYTHONUTF8`` and ``LC_ALL``, so this happens once.
    """
    arguments = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own command line, as it was given


if __name__ == "__main__":
    main()
