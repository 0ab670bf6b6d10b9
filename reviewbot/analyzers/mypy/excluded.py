"""A program that says which paths regular expressions exclude, as mypy would.

A pattern can take for ever, so it is tried in a process that can be stopped. Reads
``{"patterns": […], "paths": […]}``, writes the list of excluded paths. As in ``matches_exclude`` of
mypy/modulefinder.py a pattern is searched in the path of each directory, with a slash, and of the
file.
"""

import json
import re
import sys
from collections.abc import Iterable


def excluded(patterns: Iterable[str], paths: Iterable[str]) -> list[str]:
    """The paths that a pattern excludes, themselves or one of their directories.

    Raises:
        re.error: a pattern is no regular expression.
    """
    searches = [re.compile(pattern).search for pattern in patterns]
    verdicts: dict[str, bool] = {"": False}

    def is_excluded(path: str) -> bool:
        if path not in verdicts:
            above = path.rstrip("/").rpartition("/")[0]
            verdicts[path] = (is_excluded(f"{above}/") if above else False) or any(
                search(path) for search in searches
            )
        return verdicts[path]

    return [path for path in paths if is_excluded(path)]


if __name__ == "__main__":
    request = json.loads(sys.stdin.read())
    sys.stdout.write(json.dumps(excluded(request["patterns"], request["paths"])))
