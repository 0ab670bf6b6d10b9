"""Where a rendered document goes: standard output or a file, whole or not at all."""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from reviewbot.errors import OutputLost, ReaderGone
from reviewbot.render import RENDERERS, View
from reviewbot.render.view import printable


def deliver(view: View, form: str, output: str | None) -> bool:
    """Render a report and hand it over.

    Args:
        view: the report and how much of it to show.
        form: a key of ``RENDERERS``.
        output: a file, or None for standard output.

    Returns:
        False when the file could not be written; the document is then on standard output, because
        nothing that was found may be lost.

    Raises:
        OutputLost: standard output takes nothing.
    """
    if output is not None:
        text = RENDERERS[form](view)
        if _written(Path(output), text):
            return True
        emit(text)
        return False
    color = form == "terminal" and sys.stdout.isatty() and "NO_COLOR" not in os.environ  # noqa: TID251 - the front door
    width = shutil.get_terminal_size((100, 24)).columns
    emit(RENDERERS[form](replace(view, color=color, width=width)))
    return True


def emit(text: str) -> None:
    """Write a document to standard output, all of it and now.

    Raises:
        ReaderGone: whoever read it went away.
        OutputLost: standard output is closed or full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        # Not as it is: click would take it for its own and end with 1, which means "blocks".
        raise ReaderGone("standard output: nobody reads it any more") from error
    except OSError as error:
        raise OutputLost(
            f"standard output: {error.strerror}", hint="nothing was printed"
        ) from error


def _written(target: Path, text: str, *, through_links: bool = True) -> bool:
    """Write the whole document, or leave what was there."""
    place = target.resolve() if through_links else target
    try:
        if place.exists() and not place.is_file() and not place.is_symlink():
            place.write_text(text, encoding="utf-8")  # a pipe or a device cannot be replaced
        else:
            _replace(place, text)
    except OSError as error:
        sys.stderr.write(f"reviewbot: {printable(str(target))}: {error.strerror}\n")
        return False
    return True


def replace_file(target: Path, text: str) -> bool:
    """Write a whole document in the place of a file or of a link, never through a link.

    Returns:
        False when it could not be written; standard error says why.
    """
    return _written(target, text, through_links=False)


def _replace(target: Path, text: str) -> None:
    """Write through a neighbour and a rename, so that a full disk leaves the old file whole."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, prefix=".reviewbot-", delete=False
    ) as file:
        neighbour = Path(file.name)
        try:
            file.write(text)
            file.flush()
            neighbour.chmod(0o644)
            neighbour.replace(target)
        except OSError:
            neighbour.unlink()
            raise
