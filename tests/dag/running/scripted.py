"""Callables that do what a script says, and what else a run of one node of them is given."""

from collections.abc import Callable
from typing import Any

import anyio

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run


class Failed(Exception):
    """A failure of a kind."""

    def __init__(self, kind: FailureKind = FailureKind.UNKNOWN, text: str = "no") -> None:
        super().__init__(text)
        self.failure_kind = kind


class Scripted:
    """Gives or raises the entries of its script, the last one for ever; counts its calls."""

    def __init__(self, *script: object) -> None:
        self.script = script
        self.calls = 0

    async def __call__(self) -> Any:
        said = self.script[min(self.calls, len(self.script) - 1)]
        self.calls += 1
        if isinstance(said, BaseException):
            raise said
        return said


class Ticking:
    """A clock on which only waiting takes time, and none of it is real."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.passed = 0.0

    def now(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await anyio.lowlevel.checkpoint()


class Shelf:
    """Values in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def get(self, key: str, _node: Node) -> tuple[Any] | None:
        await anyio.lowlevel.checkpoint()
        return (self.kept[key],) if key in self.kept else None

    async def put(self, key: str, _node: Node, value: Any) -> None:
        await anyio.lowlevel.checkpoint()
        self.kept[key] = value


def single(work: Callable[..., Any], policy: Policy, name: str = "lint") -> Node:
    return node(work, name=name, policy=policy)


async def ended(work: Callable[..., Any], policy: Policy, **options: Any) -> Outcome[Any]:
    """How the only node of a run ends."""
    done = await run(Graph([single(work, policy)]), **options)
    return done.outcomes["lint"]
