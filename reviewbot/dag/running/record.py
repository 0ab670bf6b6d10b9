"""Where a run is written down while it goes on, and where values are kept between runs: ports."""

from typing import Any, Protocol

from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run


class Record(Protocol):
    """One run on disk.

    `path` names a node: `lint`, `pack/lint` inside a subgraph, `triage[a.py]` for one item of a
    map, `pack[a.py]/lint` when the subgraph itself maps. Writing is in two steps, so that many
    nodes share one commit: rows are handed over, and `commit` makes them durable.
    """

    run: str

    def known(self, path: str, node: Node) -> Outcome[Any] | None:
        """What an earlier process has finished of this run: it is not run again."""
        ...

    def started(self, path: str, node: Node, at: float) -> None:
        """The node got its slot, `at` seconds after the start of the run."""
        ...

    def attempted(self, path: str, attempt: Attempt) -> None:
        """One attempt ended."""
        ...

    def settled(self, path: str, node: Node, outcome: Outcome[Any]) -> Outcome[Any]:
        """The node ended.

        Gives the outcome as it stands in the record: failed, with the reason, when its value cannot
        be written.
        """
        ...

    async def commit(self) -> None:
        """Return when everything handed over so far is durable.

        Raises:
            OSError: it cannot be written; the run goes on without its record and says so.
        """
        ...

    async def finished(self, run: Run) -> None:
        """The run ended; everything is durable when this returns.

        Raises:
            OSError: it cannot be written.
        """
        ...


class Values(Protocol):
    """Values kept between runs, by content key."""

    async def get(self, key: str, node: Node) -> tuple[Any] | None:
        """The value in a tuple, None when there is none."""
        ...

    async def put(self, key: str, node: Node, value: Any) -> None:  # noqa: ANN401 - any node's
        """Keep it; a value that cannot be kept is not."""
        ...
