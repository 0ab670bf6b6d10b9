"""Events as lines of JSON, one per event, as they happen."""

from typing import TextIO

from reviewbot.dag.running.events import Event
from reviewbot.dag.trace.text import written
from reviewbot.dag.watching.rows import row


class EventLines:
    """A listener that writes each event as one line and flushes it (https://ndjson.org).

    Whoever reads a pipe too slowly slows the run down: that nothing is lost is worth more here. A
    line is plain ASCII and holds no line break, whatever a node is called. The stream is the
    caller's to open and close; what writing to it raises becomes a warning of the run.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write the event."""
        self._stream.write(written(row(event)) + "\n")
        self._stream.flush()
