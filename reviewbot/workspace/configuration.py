"""The text of a git configuration file → its settings; pure, and without asking git.

See git-config(1), "Syntax". What git would refuse is skipped: whoever looks for something here must
find it in a broken file too.
"""

import re
from collections.abc import Iterator

_HEADER = re.compile(r'\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*')
_PAIR = re.compile(r"([A-Za-z][\w-]*)\s*(?:=\s*(.*))?")
_PIECE = re.compile(r'\\(.)|(")|([#;])|([^"\\#;]+)|\\$')
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}
_ESCAPED = re.compile(r"\\(.)")


def parse_configuration(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of every setting, in order, as ``git config --list`` names them.

    Section and key are in lower case, the subsection is as written: ``http.https://x/.extraheader``.
    A key without a value is ``true``.
    """
    section, lines = "", iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        rest = line.lstrip(" \t\f\v\ufeff")
        while header := _HEADER.match(rest):
            section, rest = _section(header), rest[header.end() :]
        pair = _PAIR.match(rest)
        if pair and section:
            value = "true" if pair[2] is None else _value(_pieces(pair[2], lines))
            yield f"{section}.{pair[1].lower()}", value


def _section(header: re.Match[str]) -> str:
    subsection = header[2]
    if subsection is None:
        return header[1].lower()
    return f"{header[1].lower()}." + _ESCAPED.sub(r"\1", subsection)


def _pieces(written: str, lines: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """The parts of a value; a backslash at the end of a line goes on with the next."""
    line: str | None = written
    while line is not None:
        following = None
        for found in _PIECE.finditer(line):
            if found[0] == "\\":
                following = next(lines, None)
            else:
                yield found.groups("")
        line = following


def _value(pieces: Iterator[tuple[str, ...]]) -> str:
    """A value without its quotes, escapes and comment."""
    value, quoted, end = "", False, 0
    for escaped, quote, comment, plain in pieces:
        if quote:
            quoted = not quoted
        elif comment and not quoted:
            break
        else:
            value += _ESCAPES.get(escaped, escaped) or comment or plain
        if quoted or not plain:
            end = len(value)
    return value[:end] + value[end:].rstrip()
