"""What GitHub's runner obeys in the log of a step.

A port of ``ActionCommand.cs`` (``TryParseV2``, then ``TryParse``) and of the stopping in
``ActionCommandManager.cs``, actions/runner 258d6c857.
"""

from collections.abc import Iterator

REGISTERED = frozenset(
    {
        *("set-env", "set-output", "save-state", "add-mask", "add-path", "add-matcher"),
        *("remove-matcher", "debug", "notice", "warning", "error", "echo", "group", "endgroup"),
        *("stop-commands", "internal-set-repo-path"),
    }
)


def commands(log: str) -> Iterator[tuple[str, str]]:
    """The commands of a log that the runner carries out, each with its whole line."""
    stopped = ""
    for line in log.splitlines():
        name, data = _parsed(line, REGISTERED | {stopped})
        if stopped and name == stopped:
            stopped = ""
        elif name and not stopped:
            if name == "stop-commands":
                stopped = data.lower()
            else:
                yield name, line


def _parsed(line: str, known: frozenset[str]) -> tuple[str, str]:
    """Name and data of a command; an empty name when the line is none."""
    trimmed = line.lstrip()
    if trimmed.startswith("::") and (end := trimmed.find("::", 2)) >= 0:
        name = trimmed[2:end].partition(" ")[0].lower()
        if name in known:
            return name, trimmed[end + 2 :]
    start = line.find("##[")
    end = line.find("]", start)
    if start >= 0 and end >= 0:
        name = line[start + 3 : end].partition(" ")[0].lower()
        if name in known:
            return name, line[end + 1 :]
    return "", ""
