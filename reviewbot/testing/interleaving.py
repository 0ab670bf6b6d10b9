"""One graph in many orders: whatever the timing, the same must come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, TypeAlias

import anyio
from anyio.lowlevel import checkpoint

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.node import is_async
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.options import Options
from reviewbot.testing.wrapped import wrapped

Result: TypeAlias = Mapping[str, tuple[object, ...]]

_MOST_TURNS = 6


class InterleavingError(AssertionError):
    """Indicates an order in which something else came out; `seed` and `backend` bring it back."""

    def __init__(self, message: str, seed: int, backend: str) -> None:
        super().__init__(f"seed {seed} on {backend}: {message}")
        self.seed = seed
        self.backend = backend


def interleavings(
    graph: Graph,
    inputs: Mapping[str, Any] | None = None,
    *,
    seeds: Iterable[int] = range(10),
    options: Options | None = None,
    backends: Sequence[str] = anyio.get_available_backends(),
) -> tuple[Run, ...]:
    """Run a graph once as it is, then for every seed in another order; give all the runs.

    A seed says how many nodes work at once, in which order those that are ready start (as far as
    their priorities leave it open), and for how many turns each waits before and after its work.
    Nothing is left to chance: the same seed gives the same order.

    >>> from reviewbot.dag.graph import Graph
    >>> from reviewbot.dag.node import node
    >>> from reviewbot.testing import interleavings
    >>> @node
    ... async def lint(change: str) -> int:
    ...     return len(change)
    >>> @node
    ... async def merge(lint: int) -> int:
    ...     return lint + 1
    >>> graph = Graph([lint, merge], {"change": str})
    >>> runs = interleavings(graph, {"change": "x = 1"}, seeds=range(5), backends=["asyncio"])
    >>> [run.value("merge") for run in runs]
    [6, 6, 6, 6, 6, 6]

    Raises:
        InterleavingError: a node ended otherwise, or gave something else, than at first.
    """
    chosen = options or Options()
    calm = anyio.run(run, graph, inputs, chosen)
    found = [calm]
    for seed in seeds:
        for backend in backends:
            other = anyio.run(partial(_shuffled, graph, inputs, chosen, seed), backend=backend)
            _compare(calm, other, seed, backend)
            found.append(other)
    return tuple(found)


def result(done: Run) -> Result:
    """What came out, without when: status and value of every node, and of every item."""
    return {name: _came_out(outcome) for name, outcome in done.outcomes.items()}


def _came_out(outcome: Outcome[Any]) -> tuple[object, ...]:
    if isinstance(outcome.value, Items):
        items = tuple((each.key, _came_out(each.outcome)) for each in outcome.value)
        return (str(outcome.status), items)
    return (str(outcome.status), outcome.value)


def _compare(calm: Run, other: Run, seed: int, backend: str) -> None:
    before, after = result(calm), result(other)
    for name in calm.outcomes:
        if before[name] != after[name]:
            message = f"{name} gave {after[name]!r:.300}, and {before[name]!r:.300} at first"
            raise InterleavingError(message, seed, backend)


async def _shuffled(
    graph: Graph, inputs: Mapping[str, Any] | None, options: Options, seed: int
) -> Run:
    chance = Random(f"interleaving {seed}")  # noqa: S311 - reproducible is the point
    at_once = chance.choice((None, None, 1, 2, 3))
    changed = replace(
        options,
        estimates={name: chance.uniform(0, 9) for name in sorted(graph.nodes)},
        max_parallel=options.max_parallel or at_once,
    )
    return await run(wrapped(graph, partial(_dawdling, seed)), inputs, changed)


def _dawdling(seed: int, work: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The same work with some turns left to others before it and after it."""
    if not is_async(work):
        return work

    async def dawdle(**arguments: Any) -> Any:  # noqa: ANN401 - whatever the work takes and gives
        chance = Random(f"{seed} {name}")  # noqa: S311 - reproducible is the point
        for _ in range(chance.randint(0, _MOST_TURNS)):
            await checkpoint()
        try:
            return await work(**arguments)
        finally:
            for _ in range(chance.randint(0, _MOST_TURNS)):
                await checkpoint()

    return dawdle
