"""A Report → text, nothing else. ``RENDERERS`` is the table."""

from collections.abc import Callable
from typing import Final

from reviewbot.render.json import render_json
from reviewbot.render.markdown import render_markdown
from reviewbot.render.terminal import render_terminal
from reviewbot.render.view import View

RENDERERS: Final[dict[str, Callable[[View], str]]] = {
    "json": render_json,
    "markdown": render_markdown,
    "terminal": render_terminal,
}

__all__ = ["RENDERERS", "View", "render_json", "render_markdown", "render_terminal"]
