"""What a node may know of the run it is part of, and tell it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


def _unheard(*_told: object) -> None:
    """Outside a run nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every parameter that is annotated with it; no edge of the graph.

    `run` is the run's name, `node` the node's path (`pack/lint` inside a subgraph), `item` the id
    of the item that is worked on, empty outside a map, and `attempt` counts from 1. `shared` is
    what the caller gave all nodes to read; writing to it raises.
    """

    node: str
    run: str = ""
    item: str = ""
    attempt: int = 1
    shared: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    on_spend: Callable[[Mapping[str, float]], None] = _unheard
    on_log: Callable[[str], None] = _unheard

    def spend(self, **amounts: float) -> None:
        """Say what this attempt has used so far of budgets, e.g. `usd=0.01, tokens=900`; adds up.

        What is said before a timeout or a cancellation is charged too.
        """
        self.on_spend(amounts)

    def log(self, text: str) -> None:
        """Tell whoever listens to the run one line."""
        self.on_log(text)
