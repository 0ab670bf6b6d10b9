"""Source encodings in which a program reads as something else than its bytes say."""

import re

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_PLAIN = re.compile(r"utf-?8(-sig)?|(us-?)?ascii|latin-?1|iso-?8859-?\d+|cp125\d|windows-125\d|l1")


def misleading_encoding(content: bytes) -> str:
    """The declared encoding when it can turn one text into another, or an empty string.

    Python obeys the declaration (PEP 263: a comment in the first two lines), most tools do not.
    In ``utf-7`` or ``unicode_escape`` a comment can hold a line end and then code.
    """
    for line in content.split(b"\n", 2)[:2]:
        if found := _COOKIE.match(line):
            name = found.group(1).decode("ascii")
            plain = _PLAIN.fullmatch(name.lower().replace("_", "-"))
            return "" if plain else name
    return ""
