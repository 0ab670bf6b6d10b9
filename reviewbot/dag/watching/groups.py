"""The log of a run in a workflow: one group per node that ended, with all that was said of it."""

from collections.abc import Callable, Iterator

from reviewbot.dag.diagram.signs import SIGNS
from reviewbot.dag.run import Outcome
from reviewbot.dag.running.events import (
    AttemptFailed,
    Event,
    Logged,
    NodeSettled,
    RunSettled,
)
from reviewbot.dag.trace.describe import amounts

_LONGEST, _MOST = 2000, 1000  # characters of a line, lines of a node


class Groups:
    """A listener that emits the lines of a foldable group for each node as it settles.

    `emit` takes one line without its end. What nodes and errors say stands behind a bar, so that
    the runner takes none of it for a command of its own:
    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._said: dict[str, list[str]] = {}

    def __call__(self, event: Event) -> None:
        """Keep what is said, and print it when its node has settled."""
        match event:
            case Logged(node=node, text=text):
                self._keep(node, text)
            case AttemptFailed(node=node, attempt=attempt, retry_in=wait):
                again = "" if wait is None else f"; again in {wait:.1f} s"
                told = f"attempt {attempt.number} by {attempt.by} failed: {attempt.error}{again}"
                self._keep(node, told)
            case NodeSettled(node=node, outcome=outcome):
                self._print(node, outcome)
            case RunSettled(run=run):
                ended = f", ended early: {run.ended}" if run.ended else ""
                self._emit(inert(f"{len(run.outcomes)} nodes in {run.seconds:.1f} s{ended}"))

    def _keep(self, node: str, text: str) -> None:
        said = self._said.setdefault(node, [])
        room = _MOST - len(said)
        if room > 0:
            lines = text[: _MOST * _LONGEST].splitlines()[:room]
            said.extend(line[:_LONGEST] for line in lines)
        if len(said) == _MOST:
            said.append(f"(only the first {_MOST:,} lines are shown)")

    def _print(self, node: str, outcome: Outcome[object]) -> None:
        lines = tuple(self._lines(node, outcome))
        title = inert(f"{SIGNS[outcome.status]} {node} {outcome.status} {outcome.seconds:.1f} s")
        if not lines:
            self._emit(title)
            return
        self._emit(f"::group::{title}")
        for line in lines:
            self._emit(f"| {inert(line)}")
        self._emit("::endgroup::")

    def _lines(self, node: str, outcome: Outcome[object]) -> Iterator[str]:
        yield from self._said.pop(node, ())
        if outcome.reason:
            yield outcome.reason
        if outcome.spent:
            yield f"used {amounts(outcome.spent)}"


def inert(text: str) -> str:
    """One line that steers neither a terminal nor the runner."""
    line = " ".join(text.split())
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
    # The older form of a command counts wherever it stands in a line.
    return clean.replace("##[", "## [")[:_LONGEST]
