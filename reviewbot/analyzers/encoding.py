"""Source in an encoding that type checkers do not read as Python does."""

import tokenize
from pathlib import Path

_COMMON = ("utf-8", "utf-8-sig", "iso-8859-1", "ascii", "us-ascii")


def odd_encoding(root: str, path: str) -> str:
    """Why a file cannot be trusted to be read as Python reads it, or an empty string.

    Rust parsers take every file for UTF-8; with ``# coding: utf-7`` other code would run than is
    checked (PEP 263 lets the first two lines name any codec).
    """
    try:
        with Path(root, path).open("rb") as stream:
            encoding, _ = tokenize.detect_encoding(stream.readline)
    except SyntaxError as error:
        return f"its encoding is unknown: {error.msg}"
    return "" if encoding in _COMMON else f"type checkers do not read the encoding {encoding}"
