"""Many orders of one graph: what depends on the order is found, and found again by its seed."""

import pytest
from anyio.lowlevel import checkpoint

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Outcome
from reviewbot.testing import InterleavingError, interleavings

SEEN: list[str] = []


@node
async def writer() -> int:
    for _ in range(3):
        await checkpoint()
    SEEN.append("written")
    return 1


@node
async def reader() -> int:
    for _ in range(3):
        await checkpoint()
    found = len(SEEN)
    SEEN.clear()
    return found


@node
async def merge(writer: Outcome[int], reader: Outcome[int]) -> str:
    return f"{writer.value} {reader.value}"


def test_an_order_that_changes_the_result_is_found_and_its_seed_brings_it_back() -> None:
    SEEN.clear()
    with pytest.raises(InterleavingError, match=r"seed \d+ on \w+: reader gave") as caught:
        interleavings(Graph([writer, reader, merge]), seeds=range(20))
    seed, backend = caught.value.seed, caught.value.backend
    SEEN.clear()
    with pytest.raises(InterleavingError) as again:
        interleavings(Graph([writer, reader, merge]), seeds=[seed], backends=[backend])
    assert str(again.value).startswith(f"seed {seed} on {backend}: reader gave")


async def doubled(number: int) -> int:
    if number == 2:
        raise ValueError(number)
    return 2 * number


def test_maps_and_subgraphs_are_shuffled_too_and_give_the_same() -> None:
    each = node(doubled, name="each", each={"number": "numbers"})

    @node
    async def numbers() -> tuple[int, ...]:
        return (1, 2, 3)

    @node
    async def total(each: Outcome[Items[int]]) -> int:
        return sum(each.value.values) if each.value else 0

    pack = nested("pack", Graph([numbers, each, total]), gives="total")
    runs = interleavings(Graph([pack]), seeds=range(4))
    assert {run.value("pack") for run in runs} == {8}
    assert len(runs) == 9


async def one() -> int:
    return 1


def orders() -> list[list[str]]:
    graph = Graph(Node(name=f"n{place}", run=one) for place in range(5))
    runs = interleavings(graph, seeds=range(6), backends=["asyncio"])
    return [sorted(run.outcomes, key=lambda name: run.outcomes[name].started) for run in runs]


def test_a_seed_is_an_order_and_different_seeds_are_different_orders() -> None:
    found = orders()
    assert found == orders()
    assert len(set(map(tuple, found))) > 3
