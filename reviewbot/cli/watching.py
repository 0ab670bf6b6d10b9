"""Who watches a review while it runs: a person, a log, a file of events, a file of the trace."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TextIO

from reviewbot.cli.output import replace_file
from reviewbot.cli.wishes import Wishes
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import written
from reviewbot.dag.watching.collecting import Collector
from reviewbot.dag.watching.groups import Groups
from reviewbot.dag.watching.live import watched
from reviewbot.dag.watching.ndjson import EventLines
from reviewbot.dag.watching.together import Watcher, together
from reviewbot.errors import UsageError


@asynccontextmanager
async def watching(wishes: Wishes, *, in_actions: bool) -> AsyncIterator[Watcher]:
    """A listener for the engine that tells everybody who wants to know.

    Args:
        wishes: who that is.
        in_actions: whether a runner of GitHub reads the log, and folds what is grouped.

    Raises:
        UsageError: the file for the events cannot be written.
    """
    with _events(wishes.events) as others:
        everybody = (*others, *_traces(wishes.trace))
        if wishes.quiet:
            yield together(*everybody)
        elif in_actions:
            yield together(Groups(_log), *everybody)
        else:
            async with watched(sys.stderr) as view:
                yield together(view, *everybody)


@contextmanager
def _events(file: str | None) -> Iterator[tuple[Watcher, ...]]:
    if file is None:
        yield ()
    elif file == "-":
        yield (EventLines(sys.stdout),)
    else:
        with _opened(file) as stream:
            yield (EventLines(stream),)


def _opened(file: str) -> TextIO:
    try:
        return Path(file).open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--events {file}: {error.strerror}") from error


def _traces(file: str | None) -> Iterator[Watcher]:
    def keep(trace: Trace) -> None:
        if not replace_file(Path(file or ""), written(trace)):
            raise OSError(f"the trace could not be written to {file}")

    if file is not None:
        yield Collector(keep)


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
