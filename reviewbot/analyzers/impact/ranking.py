"""The order in which affected tests are most likely to fail."""

from posixpath import basename, dirname

from reviewbot.review.diff import Diff

_SHORTEST_STEM = 3


def named_after(test: str, diff: Diff) -> str:
    """The changed module whose name is part of a test file's name, or an empty string."""
    name = basename(test)
    for file in diff.files:
        if file.path.endswith(".py") and file.path != test:
            for path in {file.path, file.old_path or file.path}:
                if (stem := _stem(path)) and stem in name:
                    return file.path
    return ""


def _stem(path: str) -> str:
    name = basename(path).removesuffix(".py")
    stem = (basename(dirname(path)) if name == "__init__" else name).strip("_")
    return stem if len(stem) >= _SHORTEST_STEM else ""
