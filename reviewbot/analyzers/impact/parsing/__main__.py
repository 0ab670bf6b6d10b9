"""Reads Python files, prints what each one defines and refers to.

Started with ``python -I -S`` so that hostile source meets a process that can be killed. One request
on stdin, one JSON line per file on stdout::

    {"files": [["/tree/pkg/a.py", false], ["/tree/pkg/b.py", true]], "docstrings": false}
    {"summary": {...}, "digests": {"f": ["9c1e…"]}}

It parses and never imports or executes what it reads.
"""

import ast
import gc
import hashlib
import json
import re
import sys
import warnings
from typing import Any

from .collector import Collector
from .shapes import is_docstring

LARGEST = 1 << 20
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import|import[ \t]+([\w.]+))", re.MULTILINE
)
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError, OSError)


def digests(summary: Collector, *, docstrings: bool) -> dict[str, list[str]]:
    """Symbol → a hash per statement that binds it, blind to layout and comments.

    Args:
        summary: of the module.
        docstrings: whether a changed docstring counts (a project that runs doctests).

    Raises:
        RecursionError: code too deep to be written out.
    """
    found: dict[str, list[str]] = {}
    for name, mentions in summary.symbols.items():
        found[name] = [_digest(node, docstrings=docstrings) for node in mentions.nodes if node]
    for bound, *rest, top, _named in summary.imports:
        if top:
            found.setdefault(bound, []).append(repr(rest))
    return found


def _digest(node: ast.AST, *, docstrings: bool) -> str:
    if not docstrings:
        for each in ast.walk(node):
            body = getattr(each, "body", None)
            if isinstance(body, list) and body and is_docstring(body[0]):
                body[0] = ast.Pass()
    return hashlib.sha256(ast.dump(node).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def summarize(source: bytes, *, wants_digests: bool, docstrings: bool = False) -> dict[str, Any]:
    """The JSON value for one file; ``unknown`` says why it could not be parsed.

    An unknown file still lists what it seems to import, read line by line. Without ``digests`` they
    were not wanted, or the code is too deep for them.
    """
    try:
        if len(source) > LARGEST:
            raise ValueError("larger than 1 MiB")
        summary = Collector(ast.parse(source))
        answer: dict[str, Any] = {"summary": summary.listed()}
    except _UNREADABLE as error:
        why = f"{type(error).__name__}: {error}"
        return {"summary": {"unknown": why, "imports": _guess(source)}}
    if wants_digests:
        try:
            answer["digests"] = digests(summary, docstrings=docstrings)
        except (
            _UNREADABLE
        ):  # too deep to be written out: without hashes all of it counts as changed
            return answer
    return answer


def _guess(source: bytes) -> list[list[Any]]:
    found = _IMPORT.findall(source[:LARGEST].decode("utf-8", "replace"))
    names = {(len(dots), part or name) for dots, part, name in found}
    return [[name, name, None, level, True, True] for level, name in sorted(names)]


def main() -> None:
    """Answer the request on stdin."""
    warnings.simplefilter("ignore")
    gc.disable()  # syntax trees hold no circles, and walking them again costs a third
    request = json.load(sys.stdin)
    for path, wants_digests in request["files"]:
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs a third of the start
                source = file.read(LARGEST + 1)
        except OSError as error:
            source, answer = b"", {"summary": {"unknown": str(error), "imports": []}}
        else:
            answer = summarize(
                source, wants_digests=wants_digests, docstrings=request["docstrings"]
            )
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
