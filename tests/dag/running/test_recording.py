"""A run is written down while it goes on, and nothing that is on record is run again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.runner import run


@dataclass
class Memory:
    """A record in memory: `durable` is what has been committed, `log` what was asked of it."""

    run: str = "r1"
    durable: dict[str, Outcome[Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    pending: dict[str, Outcome[Any]] = field(default_factory=dict)
    earlier: Mapping[str, Outcome[Any]] = field(default_factory=dict)
    commits: int = 0
    unwritable: frozenset[str] = frozenset()

    def known(self, path: str, _node: Node) -> Outcome[Any] | None:
        return self.earlier.get(path)

    def started(self, path: str, _node: Node, _at: float) -> None:
        self.log.append(f"started {path}")

    def attempted(self, path: str, attempt: Attempt) -> None:
        self.log.append(f"attempt {attempt.number} of {path}")

    def settled(self, path: str, _node: Node, outcome: Outcome[Any]) -> Outcome[Any]:
        if path in self.unwritable:
            outcome = replace(outcome, status=Status.FAILED, value=None, reason="cannot be written")
        self.log.append(f"settled {path}")
        self.pending[path] = outcome
        return outcome

    async def commit(self) -> None:
        pending, self.pending = self.pending, {}
        await checkpoint()
        self.durable.update(pending)
        self.commits += 1

    async def finished(self, run: Run) -> None:
        await self.commit()
        self.log.append(f"finished {run.name}")


@node
async def first() -> int:
    return 1


@node
async def second(first: int) -> int:
    return first + 1


@node(each={"one": "many"})
async def odd(one: int) -> int:
    if not one % 2:
        raise ValueError(one)
    return one


@node
async def third(second: int, odd: Outcome[Items[int]]) -> int:
    return second + len(odd.value or ())


MANY = {"a": 1, "b": 2, "c": 3}
GRAPH = Graph([first, second, odd, third], {"many": Any})


@pytest.mark.anyio
async def test_every_row_is_handed_over_in_order_and_durable_at_the_end() -> None:
    memory = Memory()
    done = await run(GRAPH, {"many": MANY}, record=memory)
    assert done.name == "r1"
    assert set(memory.durable) == {"first", "second", "odd", "odd[a]", "odd[b]", "odd[c]", "third"}
    assert memory.durable["third"] == done.outcomes["third"]
    place = {line: number for number, line in enumerate(memory.log)}
    for path in memory.durable:
        attempts = [place[f"attempt 1 of {path}"]] if path != "odd" else []
        order = [place[f"started {path}"], *attempts, place[f"settled {path}"]]
        assert order == sorted(order)
    assert memory.log[-1] == "finished r1"


@pytest.mark.anyio
@pytest.mark.feature("S02")
async def test_no_node_starts_before_the_rows_of_all_it_needs_are_durable() -> None:
    memory = Memory()
    seen: dict[str, set[str]] = {}

    def looking(name: str, *needs: str) -> Node:
        async def look(**_needs: object) -> int:
            seen[name] = set(memory.durable)
            await checkpoint()
            return 1

        edges = tuple(Edge(parameter=one, node=one, kind=EdgeKind.OUTCOME) for one in needs)
        return Node(name=name, run=look, edges=edges)

    inner = Graph([looking("x"), looking("y", "x")])
    nodes = [
        looking("a"),
        looking("b", "a"),
        looking("off", "a"),
        looking("c", "off", "b"),
        nested("pack", inner),
    ]
    await run(Graph(nodes).without(["off"]), record=memory)
    assert "a" in seen["b"]
    assert {"a", "b", "off"} <= seen["c"]
    assert "pack/x" in seen["y"]
    assert memory.durable["off"].status is Status.SKIPPED


@pytest.mark.anyio
async def test_nodes_that_settle_together_share_a_commit() -> None:
    memory = Memory()
    await run(Graph(Node(name=f"n{place}", run=first.run) for place in range(50)), record=memory)
    assert len(memory.durable) == 50
    assert memory.commits < 10


@pytest.mark.anyio
@pytest.mark.feature("S03")
async def test_what_an_earlier_process_finished_is_not_run_again() -> None:
    calls: list[str] = []

    def counted(name: str, value: int) -> Any:
        async def work(**_needs: object) -> int:
            calls.append(name)
            return value

        return work

    async def item(one: int) -> int:
        calls.append(f"item {one}")
        return one

    inner = Graph([Node(name="x", run=counted("x", 1)), Node(name="y", run=counted("y", 2))])
    graph = Graph(
        [
            Node(name="done", run=counted("done", 5)),
            node(item, each=Each(over={"one": "many"})),
            nested("pack", inner),
        ],
        {"many": Any},
    )
    before = Memory()
    await run(graph, {"many": MANY}, record=before)
    calls.clear()
    kept = {"done", "item[b]", "pack/x"}
    earlier = {path: outcome for path, outcome in before.durable.items() if path in kept}
    done = await run(graph, {"many": MANY}, record=Memory(earlier=earlier))
    assert sorted(calls) == ["item 1", "item 3", "y"]
    assert done.outcomes["done"].resumed
    assert done.value("done") == 5
    assert [each.outcome.resumed for each in done.value("item")] == [False, True, False]
    assert done.value("pack") == {"x": 1, "y": 2}


@pytest.mark.anyio
async def test_a_value_that_cannot_be_written_is_a_failure_of_its_node() -> None:
    memory = Memory(unwritable=frozenset({"first"}))
    done = await run(GRAPH, {"many": MANY}, record=memory)
    assert str(done.outcomes["first"]) == "first failed (cannot be written)"
    assert done.outcomes["second"].status is Status.SKIPPED


class Broken(Memory):
    """A record that raises at one of its steps."""

    step = ""

    def __getattribute__(self, name: str) -> Any:
        if name == object.__getattribute__(self, "step"):
            raise OSError(f"no space for {name}")
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("step", ["known", "started", "attempted", "settled", "commit", "finished"])
@pytest.mark.anyio
async def test_a_record_that_breaks_is_a_warning_and_the_run_goes_on(step: str) -> None:
    broken = Broken()
    broken.step = step
    done = await run(GRAPH, {"many": MANY}, record=broken)
    assert done.value("third") == 5
    assert done.warnings == (f"the run is no longer recorded: OSError: no space for {step}",)


@given(st.integers(0, 8), st.integers(1, 2), st.sampled_from(["asyncio", "trio"]))
@settings(max_examples=30, deadline=None)
@pytest.mark.feature("S03")
def test_a_run_stopped_at_any_moment_and_taken_up_gives_the_same_and_repeats_nothing(
    after: int, max_parallel: int, backend: str
) -> None:
    calls: list[str] = []

    async def flaky(context_of: int) -> int:
        calls.append("flaky")
        if calls.count("flaky") == 1:
            raise ConnectionError
        return context_of

    again = Policy(retry=Retry(on=(ConnectionError,), attempts=3, base=0))
    last = node(flaky, policy=again).bind("last", inputs={"context_of": "third"})
    graph = Graph([*GRAPH.nodes.values(), last], GRAPH.inputs)

    async def twice() -> tuple[Run, Run, dict[str, Outcome[Any]]]:
        memory, stop = Memory(), anyio.Event()

        def listen(_event: object) -> None:
            if len(memory.log) >= after:
                stop.set()

        inputs = {"many": MANY}
        options: dict[str, Any] = {"max_parallel": max_parallel, "grace": 0.0}
        cut = await run(graph, inputs, record=memory, stop=stop, on_event=listen, **options)
        known = {path: one for path, one in memory.durable.items() if one.ok}
        return cut, await run(graph, inputs, record=Memory(earlier=known), **options), known

    _, done, known = anyio.run(twice, backend=backend)
    whole = anyio.run(run, graph, {"many": MANY})
    assert done.value("last") == whole.value("last")
    assert {n: o.status for n, o in done.outcomes.items()} == {
        n: o.status for n, o in whole.outcomes.items()
    }
    assert all(done.outcomes[path].resumed for path in known if path in done.outcomes)


@pytest.mark.anyio
async def test_a_long_chain_goes_on_without_its_record_and_without_recursion() -> None:
    broken = Broken()
    broken.step = "settled"
    maps = [node(odd.run, name="m0", each={"one": "many"})]
    maps += [maps[0].bind(f"m{i}", each={"one": f"m{i - 1}"}) for i in range(1, 1500)]
    done = await run(Graph(maps, {"many": Any}), {"many": ()}, record=broken)
    assert done.outcomes["m1499"].ok
    assert len(done.warnings) == 1


class Killed(BaseException):
    """What ends a process, such as KeyboardInterrupt."""


@dataclass
class Deadly(Memory):
    """A record whose `at`-th commit ends the process, or cancels the scope around the run."""

    at: int = 1
    scope: anyio.CancelScope | None = None

    async def commit(self) -> None:
        if self.commits + 1 == self.at:
            if self.scope is None:
                raise Killed
            self.scope.cancel()
        await super().commit()


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("is_cancelled", [True, False], ids=["cancelled", "killed"])
@pytest.mark.anyio
async def test_whatever_ends_a_run_from_outside_its_subgraphs_do_not_wait_for_ever(
    at: int, *, is_cancelled: bool
) -> None:
    inner = Graph([first, second])
    graph = Graph([nested("pack", inner), nested("deep", Graph([nested("pack", inner)]))])
    with anyio.fail_after(5), anyio.CancelScope() as scope:
        record = Deadly(at=at, scope=scope if is_cancelled else None)
        killed = None
        try:
            await run(graph, record=record)
        except BaseExceptionGroup as group:
            killed = group.subgroup(Killed)
        assert killed is not None
    assert scope.cancelled_caught == is_cancelled
