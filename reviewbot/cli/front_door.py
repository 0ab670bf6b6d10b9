"""The outermost frame: every way a run can end becomes one line and an exit code."""

import errno
import fcntl
import io
import os
import platform
import sys
import traceback
from collections.abc import Sequence

import click

from reviewbot import __version__
from reviewbot.cli.app import app
from reviewbot.cli.exit_code import ExitCode
from reviewbot.errors import ForgeError, OutputLost, ReaderGone, ReviewbotError

# What a machine may lack at any write; nobody's bug, and its owner can help it.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})

_LONGEST = 1000
"""Characters of an error line: who gives a name of a megabyte need not read it back."""


def enter(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one return per way a run can end
    """Run a command line.

    Args:
        arguments: without the program's name.

    Returns:
        The exit code; see ``ExitCode``.
    """
    _open_streams()
    try:
        code = app.main(list(arguments), prog_name="reviewbot", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _refuse(error.format_message(), _usage_hint(error))
    except ReaderGone:
        return _abandon_output(ExitCode.REVIEWED)
    except OutputLost as error:
        _refuse(error.message, error.hint)
        return _abandon_output(ExitCode.NOT_PUBLISHED)
    except ForgeError as error:
        _refuse(error.message, error.hint)
        return ExitCode.NOTHING_ANALYSED
    except ReviewbotError as error:
        return _refuse(error.message, error.hint)
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("reviewbot: interrupted\n")
        return ExitCode.INTERRUPTED
    except OSError as error:
        return _explain(error)
    except Exception as error:  # noqa: BLE001 - the front door: whatever comes here is our bug
        return _confess(error)


def _explain(error: OSError) -> int:
    """What the machine refuses is said in its words; what it refuses us by our fault is a bug."""
    if error.errno == errno.EBADF and not _is_writable(1):  # click itself printed
        _refuse("standard output is closed", "nothing was printed")
        return _abandon_output(ExitCode.NOT_PUBLISHED)
    if error.errno in _NO_ROOM:
        return _abandon_output(_refuse(f"{error.strerror}", "make room, or set TMPDIR"))
    return _confess(error)


def _open_streams() -> None:
    """See to it that the three standard streams exist and that documents leave as UTF-8.

    A stream that was closed gives its number to the next file that is opened, and what we print
    would land there. A closed output refuses writing, so that its loss is noticed.
    """
    for descriptor, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # the lowest free number, which is this one
    sys.stdout = sys.stdout or _stream(1)
    sys.stderr = sys.stderr or _stream(2)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _is_writable(descriptor: int) -> bool:
    return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY


def _stream(descriptor: int) -> io.TextIOWrapper:
    """Text on a descriptor; the last flush at exit must not fail, so nothing is buffered."""
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", write_through=True)


def _abandon_output(code: ExitCode) -> ExitCode:
    """Send what is left of the output nowhere: the flush at exit would only complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _refuse(message: str, hint: str) -> ExitCode:
    # Here, because it brings all that can be shown, and most runs refuse nothing.
    from reviewbot.render.view import printable  # noqa: PLC0415

    line = f"reviewbot: {message}" + (f"; {hint}" if hint else "")
    # A workflow's log takes "##[" for a command wherever it stands.
    shown = printable(" ".join(line.split())).replace("##[", "## [")
    sys.stderr.write((shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…") + "\n")
    return ExitCode.USAGE


def _usage_hint(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"try '{error.ctx.command_path} --help'"
    return ""


def _confess(error: Exception) -> int:
    """Print a report that is ready to be pasted into an issue; it holds no argument and no path."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = "\n".join(
        f"  {frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    )
    sys.stderr.write(
        f"reviewbot: this is a bug of reviewbot; please report these lines\n"
        f"  reviewbot {__version__}, Python {platform.python_version()}, {platform.system()}\n"
        f"  {type(error).__name__}: {_one_line(error)}\n{where}\n"
    )
    return ExitCode.BUG


def _one_line(error: Exception) -> str:
    text = " ".join(f"{error}".split())[:300].replace("##[", "## [")
    return text.encode("utf-8", "backslashreplace").decode()
