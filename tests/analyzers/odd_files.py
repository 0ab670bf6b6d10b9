"""Files that tools stumble over (threats A6 and A7).

Each begins with an unused import and an exec: a tool either shows what is planted or says that it
did not look at the file.
"""

from collections.abc import Mapping

PLANTED = "import os\nexec(x)\n"

_PLANTED = PLANTED.encode()

_AFTER: Mapping[str, str] = {
    "add_992.py": "x = " + "+".join("1" * 992),
    "add_20000.py": "x = " + "+".join("1" * 20_000),
    "attributes.py": "x = a" + ".a" * 20_000,
    "calls.py": "x = " + "f(" * 900 + ")" * 900,
    "comment.py": "# " + "x" * 500_000,
    "deep.py": "".join(f"{' ' * n}if x:\n" for n in range(120)) + " " * 120 + "pass",
    "f_strings.py": "x = " + "f'{" * 200 + "1" + "}'" * 200,
    "form_feed.py": "\f\nx = 1",
    "integer.py": "x = " + "1" * 100_000,
    "newer.py": "type X[T: int = int] = T",
    "no_end.py": "x = 1",
    "null.py": "x = '\0'",
    "parentheses.py": "x = " + "(" * 5_000 + ")" * 5_000,
    "python2.py": "print 'x'",
    "strings.py": "x = (" + "'a' " * 20_000 + ")",
    "surrogate.py": "x = '\\ud800'",
    "tabs.py": "if x:\n\ty = 1\n        z = 1",
    "unary.py": "x = " + "-" * 50_000 + "1",
    "unfinished.py": "x = '''",
}

ODD_FILES: Mapping[str, bytes] = {
    **{path: f"{PLANTED}{code}".encode() for path, code in _AFTER.items()},
    "bom.py": b"\xef\xbb\xbf" + _PLANTED,
    "carriage.py": _PLANTED.replace(b"\n", b"\r"),
    "escape.py": b"# coding: unicode_escape\n# \\nexec(x)\n",
    "latin_1.py": _PLANTED + b"x = '\xe4'\n",
    "latin_1_declared.py": b"# coding: latin-1\n" + _PLANTED + b"x = '\xe4'\n",
    "rot13.py": b"# coding: rot13\n" + _PLANTED,
    "truncated.py": _PLANTED + b"x = '\xf0\x9f'\n",
    "unknown.py": b"# coding: nonsense\n" + _PLANTED,
    "utf_16.py": PLANTED.encode("utf-16"),
    "utf_7.py": b"# coding: utf-7\n# +AAo-exec(x)\n",
    "windows.py": _PLANTED.replace(b"\n", b"\r\n"),
}
"""Path → content."""
