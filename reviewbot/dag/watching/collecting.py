"""The trace of a run, gathered from its events."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from reviewbot.dag.running.events import Event, Logged, RunSettled, RunStarted
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Section, Trace
from reviewbot.dag.trace.record import Notes, traced


def utc_now() -> str:
    """This moment in UTC as ISO 8601, to the second."""
    return datetime.now(tz=UTC).isoformat(timespec="seconds")


_LONGEST, _MOST = 2000, 1000  # characters of what is said at once, and how often a node may


class Collector:
    """A listener that hands over the whole trace when the run has settled.

    `now` gives the moment of the start as ISO 8601; `manifest` is what the caller knows about the
    circumstances: versions, commits, configuration.
    """

    def __init__(
        self,
        on_trace: Callable[[Trace], None],
        manifest: Mapping[str, str] | None = None,
        now: Callable[[], str] = utc_now,
    ) -> None:
        self._on_trace = on_trace
        self._manifest = manifest or {}
        self._now = now
        self._began = ""
        self._graph = Section()
        self._logs: dict[str, list[str]] = {}

    def __call__(self, event: Event) -> None:
        """Take note of the event."""
        match event:
            case RunStarted(graph=graph):
                self._graph, self._began = described(graph), self._now()
            case Logged(node=node, text=text):
                self._keep(node, text)
            case RunSettled(run=run):
                logs = {node: tuple(said) for node, said in self._logs.items()}
                notes = Notes(began=self._began, logs=logs, manifest=self._manifest)
                self._on_trace(traced(self._graph, run, notes))

    def _keep(self, node: str, text: str) -> None:
        said = self._logs.setdefault(node, [])
        if len(said) < _MOST:
            said.append(text[:_LONGEST])
        elif len(said) == _MOST:
            said.append(f"(only the first {_MOST:,} are kept)")
