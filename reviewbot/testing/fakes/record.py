"""A run written down in memory, and values kept between runs: the ports of the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run

_FINISHED = frozenset({"succeeded", "cached", "fell back", "rerouted", "partial"})


@dataclass(slots=True, kw_only=True)
class MemoryRecord:
    """One run in memory; `again()` is what the next process finds of it.

    Only what was committed survives. After `lasts` commits nothing more can be written, as on a
    disk that is full.
    """

    run: str = "run"
    lasts: int | None = None
    earlier: Mapping[str, Outcome[Any]] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)
    durable: dict[str, Outcome[Any]] = field(default_factory=dict)
    commits: int = 0
    done: Run | None = None
    _open: dict[str, Outcome[Any]] = field(default_factory=dict)

    def again(self) -> "MemoryRecord":
        """The record of the same run as another process opens it."""
        return MemoryRecord(run=self.run, earlier={**self.earlier, **self.durable})

    def known(self, path: str, node: Node) -> Outcome[Any] | None:
        """What an earlier process has finished well, under the name of this node."""
        outcome = self.earlier.get(path)
        return outcome if outcome is not None and outcome.node == node.name else None

    def started(self, path: str, node: Node, at: float) -> None:  # noqa: ARG002 - the port's
        """Write the row down."""
        self.rows.append(("started", path))

    def attempted(self, path: str, attempt: Attempt) -> None:  # noqa: ARG002 - the port's
        """Write the row down."""
        self.rows.append(("attempted", path))

    def settled(self, path: str, node: Node, outcome: Outcome[Any]) -> Outcome[Any]:  # noqa: ARG002 - the port's
        """Write the row down; it counts from the next commit on."""
        self.rows.append(("settled", path))
        if outcome.status in _FINISHED:
            self._open[path] = outcome
        return outcome

    async def commit(self) -> None:
        """Make what was handed over count.

        Raises:
            OSError: it cannot be written.
        """
        if self.lasts is not None and self.commits >= self.lasts:
            raise OSError(28, "No space left on device")
        self.commits += 1
        self.durable.update(self._open)
        self._open.clear()

    async def finished(self, run: Run) -> None:
        """Keep the whole run, and what was still handed over.

        Raises:
            OSError: it cannot be written.
        """
        await self.commit()
        self.done = run

    def told(self, kind: str) -> Sequence[str]:
        """The paths of the rows of a kind (`started`, `attempted`, `settled`), in order."""
        return [path for row, path in self.rows if row == kind]


@dataclass(slots=True, kw_only=True)
class MemoryValues:
    """Values by content key; `hits` counts the answers that were there."""

    kept: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    async def get(self, key: str, node: Node) -> tuple[Any] | None:  # noqa: ARG002 - the port's
        """The value in a tuple, None when there is none."""
        if key not in self.kept:
            return None
        self.hits += 1
        return (self.kept[key],)

    async def put(self, key: str, node: Node, value: Any) -> None:  # noqa: ANN401, ARG002 - any node's
        """Keep it."""
        self.kept[key] = value
