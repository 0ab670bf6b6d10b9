"""The shipped check, and an example of one: tasks that a change leaves behind in comments."""

import re
from collections.abc import Iterator

from reviewbot.analyzers.plugin.check import Remark, analyzer

_TASK = re.compile(r"(?:#|//|<!--|--)\s*(TODO|FIXME|XXX)\b")


@analyzer(version="1")
def todo(_path: str, text: str) -> Iterator[Remark]:
    """A remark for every line whose comment starts with a task."""
    for number, line in enumerate(text.splitlines(), 1):
        if task := _TASK.search(line):
            message = f"a {task[1]} is left"
            yield Remark(line=number, rule=task[1].lower(), message=message, severity="note")
