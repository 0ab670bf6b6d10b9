"""The outermost frame: every way a run can end becomes one line and an exit code."""

import os
import platform
import sys
import traceback
from collections.abc import Sequence

import click

from reviewbot import __version__
from reviewbot.cli.app import app
from reviewbot.cli.exit_code import ExitCode
from reviewbot.errors import ReviewbotError


def enter(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one return per way a run can end
    """Run a command line.

    Args:
        arguments: without the program's name.

    Returns:
        The exit code; see ``ExitCode``.
    """
    try:
        code = app.main(list(arguments), prog_name="reviewbot", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _refuse(error.format_message(), _usage_hint(error))
    except ReviewbotError as error:
        return _refuse(error.message, error.hint)
    except BrokenPipeError:
        # Whoever read our output went away: that is how `| head` ends, not a failure of ours. A
        # second flush at exit would complain again, so what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.REVIEWED
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("reviewbot: interrupted\n")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the front door: whatever comes here is our bug
        return _confess(error)


def _refuse(message: str, hint: str) -> int:
    line = f"reviewbot: {message}" + (f"; {hint}" if hint else "")
    sys.stderr.write(" ".join(line.split()).encode("utf-8", "backslashreplace").decode() + "\n")
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
    return " ".join(f"{error}".split())[:300].encode("utf-8", "backslashreplace").decode()
