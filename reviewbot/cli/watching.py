"""Who watches a review while it runs: a person, a log, a file of events, a file of the trace."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How standard error is read.

    Attributes:
        in_actions: by a runner of GitHub, which folds what is grouped.
        color: whether a terminal may be given colours; https://no-color.org
    """

    in_actions: bool = False
    color: bool = True


@asynccontextmanager
async def watching(wishes: Wishes, look: Look) -> AsyncIterator[Watcher]:
    """A listener for the engine that tells everybody who wants to know.

    Args:
        wishes: who that is.
        look: how standard error is read.

    Raises:
        UsageError: the file for the events cannot be written.
    """
    with _events(wishes.events) as others:
        everybody = (*others, *_traces(wishes.trace))
        if wishes.quiet:
            yield together(*everybody)
        elif look.in_actions:
            yield together(Groups(_log), *everybody)
        else:
            async with watched(sys.stderr, color=look.color) as view:
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
