"""A small graph in which a bit of everything happens, run by the real engine."""

from dataclasses import replace
from typing import Any

import anyio

from reviewbot.dag.context import Context
from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.dag.watching.together import Watcher

RETRY = Retry(on=(ConnectionError,), attempts=2, base=0.001, jitter=Jitter.NONE)


@node
async def lint(change: str, context: Context) -> int:
    context.log("two files\n::error::not a command")
    context.spend(usd=0.25)
    return len(change)


async def ty(change: str) -> int:
    return len(change)


@node(policy=Policy(retry=RETRY, backups=(Backup(name="ty", run=ty),)))
async def types(change: str) -> int:
    raise ConnectionError(change)


@node
async def broken(lint: int) -> int:
    raise ValueError(lint)


@node
async def after(broken: int) -> int:
    return broken


@node
async def ask(hunk: str) -> str:
    return {"a": "fine"}[hunk]


@node
async def first(change: str) -> int:
    return len(change)


@node
async def merge(lint: int, types: Outcome[int], ask: Outcome[Any], pack: int) -> int:
    return lint + pack + types.ok + ask.ok


GRAPH = Graph(
    [
        lint,
        types,
        broken,
        after,
        replace(
            ask,
            edges=(Edge(parameter="hunk", node="hunks"),),
            each=Each(over={"hunk": "hunks"}, key=str),
        ),
        nested("pack", Graph([first], {"change": str}), gives="first"),
        merge,
    ],
    {"change": str, "hunks": tuple},
)
GIVEN: dict[str, Any] = {"change": "c", "hunks": ("a", "b")}


def ran(*watchers: Watcher) -> Run:
    """The finished run, watched by each of these."""

    async def main() -> Run:
        return await run(GRAPH, GIVEN, name="small", on_event=_all(watchers))

    return anyio.run(main)


def _all(watchers: tuple[Watcher, ...]) -> Watcher:
    def tell(event: Any) -> None:
        for watcher in watchers:
            watcher(event)

    return tell
