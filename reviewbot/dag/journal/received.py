"""What a node received, told by its content: whether what it finished still stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome

_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Given:
    """What a settled node gives to others: by value, and as a whole outcome."""

    value: str
    outcome: str


def given(outcome: Outcome[Any], digest: str) -> Given:
    """What this outcome gives, where `digest` is that of its value; times do not count."""
    value = digest if outcome.ok else ""
    whole = repr((outcome.status.value, value, outcome.reason, outcome.answered_by))
    return Given(value, sha256(whole.encode("utf-8", "surrogatepass")).hexdigest())


class Received:
    """What every node of a run received, as far as the run has come.

    `inputs` are the digests of the run's inputs. A node of a subgraph that reads an input of its
    graph counts as having received what the subgraph did, and an item what its node did.
    """

    def __init__(self, inputs: Mapping[str, str]) -> None:
        self._inputs = inputs
        self._given: dict[str, Given] = {}
        self._by_path: dict[str, str] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._given

    def settle(self, path: str, what: Given) -> None:
        """A node or item ended."""
        self._given[path] = what

    def of(self, path: str, node: Node) -> str:
        """The digest of what a node or item received when it was last asked for."""
        return self._by_path.get(path) or self.by(path, node)

    def by(self, path: str, node: Node) -> str:
        """The digest of what a node or item receives now that all it needs has settled."""
        home = self._home(path, node)
        parts = [
            (edge.parameter, edge.kind.value, self._from(home, edge.node, edge.kind))
            for edge in node.all_edges
        ]
        found = self._by_path[path] = sha256(repr(parts).encode("utf-8", "replace")).hexdigest()
        return found

    def _from(self, home: str, name: str, kind: EdgeKind) -> str:
        settled = self._given.get(home + name)
        if settled is not None:
            return settled.outcome if kind is EdgeKind.OUTCOME else settled.value
        if not home:
            return self._inputs.get(name, _UNKNOWN)
        return self._by_path.get(home[:-1], _UNKNOWN)

    def _home(self, path: str, node: Node) -> str:
        """The prefix of the graph that the node is in: empty, `pack/`, `pack[a.py]/`."""
        if path.endswith(node.name):
            return path[: -len(node.name)]
        opening = f"{node.name}["
        homes = [
            path[:at]
            for at in range(len(path))
            if path.startswith(opening, at) and (at == 0 or path[at - 1] == "/")
        ]
        # The key of an item may look like a path itself.
        return next(
            (home for home in homes if home[:-1] in self._by_path), homes[0] if homes else ""
        )
