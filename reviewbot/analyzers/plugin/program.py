"""The program that runs a check: it reads hostile bytes, so it is apart from the reviewer.

Arguments: ``module:attribute`` of the check. Standard input: ``{"files": [...]}``, paths relative
to the working directory. Standard output: ``{"remarks": [{path, line, rule, ...}], "unread": {path:
reason}}``.
"""

import json
import sys
import tokenize
from dataclasses import asdict
from pathlib import Path
from pkgutil import resolve_name

from reviewbot.analyzers.plugin.check import Check

_WRONG = 2
_LONGEST = 200


def main(target: str) -> int:
    """Look at the files that standard input names.

    Args:
        target: ``module:attribute``.

    Returns:
        0, or 2 when the target is no check; standard error says why.
    """
    try:
        check = resolve_name(target)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's module does when it loads
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return _WRONG
    if not isinstance(check, Check):
        sys.stderr.write(f"it is a {type(check).__name__}, made without @analyzer")
        return _WRONG
    remarks: list[dict[str, object]] = []
    unread: dict[str, str] = {}
    for path in json.load(sys.stdin)["files"]:
        try:
            found = check(path, _text(path))
        except Exception as error:  # noqa: BLE001 - a stranger's check: it costs this file only
            unread[path] = f"{check.name} fails on it: {type(error).__name__}: {error}"[:_LONGEST]
        else:
            remarks += ({"path": path, **asdict(each)} for each in found)
    json.dump({"remarks": remarks, "unread": unread}, sys.stdout)
    return 0


def _text(path: str) -> str:
    """The text as Python reads it; of other files as UTF-8, whatever they hold."""
    if path.endswith((".py", ".pyi")):
        with tokenize.open(path) as file:
            return file.read()
    return Path(path).read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
