"""A Report → text, nothing else. ``RENDERERS`` is the table.

A renderer is imported when it is asked for: a review is printed in one form.
"""

# ruff: noqa: PLC0415 - see above

from collections.abc import Callable
from typing import Final

from reviewbot.render.view import View


def render_json(view: View) -> str:
    """One JSON document."""
    from reviewbot.render.json import render_json

    return render_json(view)


def render_markdown(view: View) -> str:
    """GitHub Markdown in which nothing of the change is alive."""
    from reviewbot.render.markdown import render_markdown

    return render_markdown(view)


def render_terminal(view: View) -> str:
    """Text for a person at a terminal."""
    from reviewbot.render.terminal import render_terminal

    return render_terminal(view)


RENDERERS: Final[dict[str, Callable[[View], str]]] = {
    "json": render_json,
    "markdown": render_markdown,
    "terminal": render_terminal,
}

__all__ = ["RENDERERS", "View", "render_json", "render_markdown", "render_terminal"]
