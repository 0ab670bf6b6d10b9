"""Text of strangers as Markdown in which nothing is alive.

Code-like text stands in code spans whose fence is longer than any run of backticks inside; prose
is escaped to entities, with `@`, `#` and URLs broken, so that no name or message becomes a
mention, a link, an image, a command or HTML.
"""

import re

from reviewbot.render.view import printable

_SPECIAL = re.compile(
    r"[&<>\[\]!*_~#@|\\`$]|:(?=\S)|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=www)\.|(?<=\bGH)-(?=\d)",
    re.IGNORECASE,
)
_BACKTICKS = re.compile(r"`+")
_QUOTED = re.compile(r"`([^`]+)`")


def prose(text: str) -> str:
    """Text as inert Markdown prose on one line.

    What Markdown reads is escaped. Mentions, issue numbers and bare URLs are found by GitHub in
    the *rendered* text, where an entity is a plain character again: those are broken by a
    zero-width space.
    """
    return _SPECIAL.sub(_escaped, printable(_one_line(text)))


def _escaped(found: re.Match[str]) -> str:
    broken = "&#8203;" if found[0] in "@#:.-" else ""
    return f"&#{ord(found[0])};{broken}"


def code(text: str) -> str:
    """Text as a code span; the bar that would end a table cell is escaped."""
    shown = printable(_one_line(text)).replace("|", "\\|")
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def message(text: str) -> str:
    """A tool's message: what it quotes in backticks as code, the rest as prose."""
    parts = _QUOTED.split(_one_line(text))
    return "".join(
        code(part) if index % 2 else _SPECIAL.sub(_escaped, printable(part))
        for index, part in enumerate(parts)
    )


def clipped(text: str, most: int = 400) -> str:
    """The beginning of a text that is too long to be read."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _one_line(text: str) -> str:
    return " ".join(text.split())
