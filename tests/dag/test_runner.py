"""Every node runs as soon as what it needs has settled, and no failure reaches a stranger."""

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from reviewbot.dag.builder import Builder
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import (
    AttemptStarted,
    AttemptSucceeded,
    Event,
    NodeSettled,
    NodeStarted,
    RunSettled,
    RunStarted,
)

# name -> (seconds, needs): the two graphs on which waves cost 67 % and 37 %.
Spans = dict[str, tuple[float, tuple[str, ...]]]
SKEWED: Spans = {
    "s": (0.0, ()),
    "a": (0.1, ("s",)),
    "b": (0.5, ("a",)),
    "c": (0.5, ("s",)),
    "d": (0.1, ("c",)),
    "t": (0.0, ("b", "d")),
}
REVIEW: Spans = {
    "fetch": (0.05, ()),
    "lint": (0.03, ("fetch",)),
    "types": (0.09, ("fetch",)),
    "security": (0.06, ("fetch",)),
    "tests": (0.15, ("fetch",)),
    "triage": (0.20, ("lint",)),
    "merge": (0.01, ("triage", "types", "security", "tests")),
}


def sleeping(spans: Spans, policy: Policy | None = None) -> Graph:
    builder = Builder()
    for name, (seconds, needs) in spans.items():

        async def sleep(seconds: float = seconds, **_needs: object) -> None:
            await anyio.sleep(seconds)

        builder.add_node(name, sleep, policy=policy or Policy())
        for other in needs:
            builder.add_edge(other, name)
    return builder.done()


async def others() -> None:
    """Let everybody else do what they can do now."""
    for _ in range(30):
        await checkpoint()


def started(done: Run) -> dict[str, float]:
    return {name: round(outcome.started, 6) for name, outcome in done.outcomes.items()}


@pytest.mark.feature("E03")
@pytest.mark.feature("E04")
@pytest.mark.feature("E07")
def test_a_node_starts_the_moment_its_needs_have_settled(virtual: Any) -> None:
    skewed = virtual(lambda: run(sleeping(SKEWED), clock=virtual.clock))
    assert started(skewed) == {"s": 0, "a": 0, "c": 0, "b": 0.1, "d": 0.5, "t": 0.6}
    review = virtual(lambda: run(sleeping(REVIEW), clock=virtual.clock))
    at = started(review)
    assert {at[name] for name in ("lint", "types", "security", "tests")} == {0.05}
    assert at["triage"] == 0.08 < review.outcomes["types"].started + 0.09


@pytest.mark.parametrize("spans", [SKEWED, REVIEW], ids=["skewed", "review"])
@pytest.mark.feature("E06")
def test_the_wall_clock_is_the_critical_path(virtual: Any, spans: Spans) -> None:
    graph = sleeping(spans, Policy(timeout=60))
    done = virtual(lambda: run(graph, clock=virtual.clock))
    _, best = graph.critical_path({name: seconds for name, (seconds, _) in spans.items()})
    path, seconds = done.critical_path()
    assert done.seconds == pytest.approx(best)
    assert seconds == pytest.approx(best)
    assert [done.slack()[name] for name in path] == pytest.approx([0] * len(path))
    assert sum(done.durations.values()) > best


@pytest.mark.anyio
@pytest.mark.feature("E02")
async def test_every_node_fires_once_after_all_it_needs() -> None:
    fired: list[str] = []

    def recorder(name: str) -> Callable[..., Any]:
        async def record(**_needs: object) -> None:
            fired.append(name)

        return record

    builder = Builder()
    for name, needs in {"d": "ca", "c": "b", "b": "a", "a": ""}.items():
        builder.add_node(name, recorder(name))
        for other in needs:
            builder.add_edge(other, name)
    await run(builder.done())
    assert fired == ["a", "b", "c", "d"]


@pytest.mark.parametrize("max_parallel", [1, 2, 5])
@pytest.mark.anyio
@pytest.mark.feature("E10")
async def test_never_more_than_max_parallel_work_at_once(max_parallel: int) -> None:
    working = peak = 0

    async def work() -> None:
        nonlocal working, peak
        working += 1
        peak = max(peak, working)
        await others()
        working -= 1

    await run(Graph(Node(name=f"n{i}", run=work) for i in range(7)), max_parallel=max_parallel)
    assert peak == max_parallel


@pytest.mark.parametrize(
    ("policies", "limits", "peak"),
    [
        ([Policy(resources={"cpu": 2}), Policy(resources={"cpu": 2})], {"cpu": 3}, 1),
        ([Policy(resources={"cpu": 2}), Policy(resources={"cpu": 1})], {"cpu": 3}, 2),
        ([Policy(resources={"cpu": 1}), Policy(resources={"llm": 1})], {"cpu": 1, "llm": 1}, 2),
        ([Policy(resources={"cpu": 9}), Policy(resources={"cpu": 9})], {}, 2),
        ([Policy(exclusive=("journal",)), Policy(exclusive=("journal",))], {}, 1),
        ([Policy(exclusive=("journal",)), Policy(exclusive=("cache",))], {}, 2),
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("E12")
@pytest.mark.feature("E13")
async def test_resources_and_locks_are_held_while_a_node_works(
    policies: list[Policy], limits: dict[str, float], peak: int
) -> None:
    working: list[int] = []
    seen: list[int] = []

    async def work() -> None:
        working.append(1)
        seen.append(len(working))
        await others()
        working.pop()

    nodes = [Node(name=f"n{i}", run=work, policy=policy) for i, policy in enumerate(policies)]
    done = await run(Graph(nodes), limits=limits)
    assert max(seen) == peak
    assert all(outcome.ok for outcome in done.outcomes.values())


def test_a_node_that_waits_for_its_next_attempt_leaves_its_slot_to_others(virtual: Any) -> None:
    calls: list[str] = []

    async def flaky() -> int:
        calls.append("flaky")
        if calls.count("flaky") < 3:
            raise ConnectionError
        return 1

    async def other() -> int:
        calls.append("other")
        await anyio.sleep(10)
        return 2

    retry = Retry(on=(ConnectionError,), base=1, jitter=Jitter.NONE)
    policy = Policy(retry=retry, priority=1, exclusive=("lock",), resources={"cpu": 1})
    nodes = [
        Node(name="flaky", run=flaky, policy=policy),
        Node(name="other", run=other, policy=Policy(resources={"cpu": 1})),
    ]
    done = virtual(
        lambda: run(Graph(nodes), limits={"cpu": 1}, max_parallel=1, clock=virtual.clock)
    )
    assert calls == ["flaky", "other", "flaky", "flaky"]
    assert started(done) == {"flaky": 0, "other": 0}
    assert done.seconds == 12


@pytest.mark.anyio
@pytest.mark.feature("E17")
async def test_what_one_does_to_its_input_is_seen_by_nobody_else() -> None:
    @node
    async def found() -> dict[str, list[int]]:
        return {"lines": [1]}

    @node
    async def greedy(found: dict[str, list[int]], whole: Outcome[Any]) -> int:
        found["lines"].append(2)
        (whole.value or {})["lines"].append(3)
        return 1

    @node
    async def calm(found: dict[str, list[int]], greedy: int, files: list[str]) -> int:
        files.append("b")
        return len(found["lines"]) + greedy

    files = ["a"]
    greedier = greedy.bind("greedy", inputs={"whole": "found"})
    done = await run(Graph([found, greedier, calm], {"files": list}), {"files": files})
    assert done.value("calm") == 2
    assert done.value("found") == {"lines": [1]}
    assert files == ["a"]


async def crash(**_needs: int) -> int:
    raise ValueError("boom")


@pytest.mark.anyio
@pytest.mark.feature("E45")
@pytest.mark.feature("E46")
async def test_each_edge_says_what_a_failed_input_means() -> None:
    @node
    async def required(lint: int) -> int:
        raise AssertionError(lint)

    @node
    async def further(required: int) -> int:
        raise AssertionError(required)

    @node
    async def furthest(further: int) -> int:
        raise AssertionError(further)

    @node
    async def optional(lint: int | None) -> str:
        return f"got {lint}"

    @node
    async def defaulted(lint: int | None = 7) -> str:
        return f"got {lint}"

    @node
    async def whole(lint: Outcome[int]) -> str:
        return f"got {lint.status}"

    lint = Node(name="lint", run=crash, output=int)
    nodes = [lint, required, further, furthest, optional, defaulted, whole]
    done = await run(Graph(nodes))
    assert {name: outcome.reason for name, outcome in done.outcomes.items() if not outcome.ok} == {
        "lint": "ValueError: boom, attempt 1 of 1",
        "required": "needs lint, which failed: ValueError: boom, attempt 1 of 1",
        "further": "needs required, which was skipped because lint failed: "
        "ValueError: boom, attempt 1 of 1",
        "furthest": "needs further, which was skipped because lint failed: "
        "ValueError: boom, attempt 1 of 1",
    }
    assert [done.value(name) for name in ("optional", "defaulted", "whole")] == [
        "got None",
        "got 7",
        "got failed",
    ]
    assert done.explain("lint") == (
        "lint failed (ValueError: boom, attempt 1 of 1): required skipped, "
        "optional continued without it, defaulted continued without it, whole continued without it"
    )
    with pytest.raises(KeyError, match="needs lint, which failed"):
        done.value("required")


@pytest.mark.feature("E45")
def test_an_error_names_node_attempt_and_dependents(virtual: Any) -> None:
    async def hang() -> int:
        await anyio.sleep(3600)
        return 1

    async def merge(security: Outcome[int]) -> int:
        return len(security.attempts)

    async def triage(security: int) -> int:
        return security

    policy = Policy(timeout=60, retry=Retry(on=(TimeoutError,), attempts=3))
    nodes = [node(hang, name="security", policy=policy), node(merge), node(triage)]
    done = virtual(lambda: run(Graph(nodes), clock=virtual.clock))
    assert done.failures()[0] == (
        "security timed out (timeout 60 s, attempt 3 of 3): "
        "merge continued without it, triage skipped"
    )


@pytest.mark.anyio
@pytest.mark.feature("E44")
async def test_a_crash_changes_nothing_for_its_siblings() -> None:
    async def merge(**parts: Outcome[int]) -> str:
        return ", ".join(f"{name} {part.status}" for name, part in parts.items())

    async def lint() -> int:
        await anyio.sleep(0.002)
        return 1

    merged = node(merge, needs=("lint", "security"))
    done = await run(Graph([node(lint), Node(name="security", run=crash), merged]))
    assert done.value("lint") == 1
    assert done.value("merge") == "lint succeeded, security failed"


@pytest.mark.feature("E49")
def test_only_the_failed_node_runs_again(virtual: Any) -> None:
    calls: list[str] = []

    def named(name: str) -> Callable[..., Any]:
        async def work(**_needs: object) -> None:
            calls.append(name)
            if name == "types" and calls.count("types") == 1:
                raise ConnectionError

        return work

    policy = Policy(retry=Retry(on=(ConnectionError,), base=4))
    nodes = [Node(name=name, run=named(name), policy=policy) for name in ("lint", "types")]
    done = virtual(lambda: run(Graph(nodes), clock=virtual.clock, random=lambda: 0.5))
    assert sorted(calls) == ["lint", "types", "types"]
    assert done.seconds == done.outcomes["types"].seconds == 2.0


@pytest.mark.anyio
@pytest.mark.feature("E22")
async def test_nothing_outlives_a_run_even_when_its_caller_is_cancelled() -> None:
    left: list[str] = []
    before = threading.active_count()

    async def stubborn() -> None:
        try:
            await anyio.sleep(3600)
        finally:
            left.append("async")

    def in_thread() -> None:
        left.append("thread")

    nodes = [Node(name="a", run=stubborn), Node(name="b", run=in_thread)]
    with anyio.move_on_after(0.02) as scope:
        await run(Graph(nodes))
    assert scope.cancelled_caught
    assert sorted(left) == ["async", "thread"]
    assert threading.active_count() <= before + 1  # anyio keeps an idle worker for the next call


@pytest.mark.anyio
@pytest.mark.feature("E61")
async def test_two_runs_of_one_graph_share_nothing() -> None:
    @node
    async def double(change: int) -> int:
        await anyio.sleep(0.001)
        return 2 * change

    graph = Graph([double], {"change": int})
    found: dict[int, Run] = {}

    async def one(change: int) -> None:
        found[change] = await run(graph, {"change": change})

    async with anyio.create_task_group() as tasks:
        for change in range(5):
            tasks.start_soon(one, change)
    assert {change: done.value("double") for change, done in found.items()} == {
        change: 2 * change for change in range(5)
    }


@pytest.mark.anyio
@pytest.mark.feature("E28")
async def test_wrong_inputs_are_refused_before_any_node_starts() -> None:
    from_graph = Graph([Node(name="a", run=crash)], {"change": str, "settings": dict})
    with pytest.raises(ValueError, match="start: ") as caught:
        await run(from_graph, {"chnage": "x", "settings": {}})
    assert caught.value.problems == (  # type: ignore[attr-defined] # a GraphError
        "input 'change' is not given",
        "unknown input 'chnage'; did you mean 'change'?",
    )


@pytest.mark.anyio
@pytest.mark.feature("E37")
async def test_a_node_switched_off_is_shown_and_its_dependents_follow_their_edges() -> None:
    @node
    async def tests() -> int:
        raise AssertionError

    @node
    async def cover(tests: int) -> int:
        raise AssertionError(tests)

    @node
    async def merge(tests: Outcome[int]) -> str:
        return str(tests)

    done = await run(Graph([tests, cover, merge]).without(["tests"]))
    assert done.value("merge") == "tests skipped (configuration)"
    assert done.outcomes["cover"].reason == "needs tests, which was skipped: configuration"


@pytest.mark.anyio
async def test_events_tell_the_whole_story_and_a_listener_that_raises_only_warns() -> None:
    told: list[Event] = []

    def listen(event: Event) -> None:
        told.append(event)
        raise RuntimeError("deaf")

    async def after(first: int) -> int:
        return first

    async def first() -> int:
        return 1

    done = await run(Graph([node(after), node(first)]), on_event=listen)
    one = [NodeStarted, AttemptStarted, AttemptSucceeded, NodeSettled]
    assert [type(event) for event in told] == [RunStarted, *one, *one, RunSettled]
    assert done.warnings == ("a listener raised RuntimeError: deaf",)
    assert done.with_status(Status.SUCCEEDED) == tuple(done.outcomes.values())


@pytest.mark.anyio
@pytest.mark.feature("E21")
async def test_a_wide_graph_leaves_the_event_loop_its_turns() -> None:
    turns, done = 0, False

    async def bystander() -> None:
        nonlocal turns
        while not done:
            turns += 1
            await checkpoint()

    async def instant() -> int:
        return 1

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bystander)
        result = await run(Graph(Node(name=f"n{i}", run=instant) for i in range(1000)))
        done = True
    assert len(result.with_status(Status.SUCCEEDED)) == 1000
    assert turns > 10


@pytest.mark.anyio
async def test_the_systems_clock_really_waits() -> None:
    calls: list[int] = []

    async def flaky() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError
        return 1

    retry = Retry(on=(ConnectionError,), base=0.002, jitter=Jitter.NONE)
    done = await run(Graph([Node(name="a", run=flaky, policy=Policy(retry=retry))]))
    assert done.seconds >= 0.002
    assert done.explain("a") == "a succeeded"


@pytest.mark.anyio
async def test_an_empty_graph_is_a_run_of_nothing() -> None:
    done = await run(Graph([]))
    assert (done.outcomes, done.critical_path(), done.slack()) == ({}, ((), 0), {})


@pytest.mark.anyio
@pytest.mark.feature("E29")
async def test_a_failure_at_the_head_of_a_long_chain_skips_all_of_it() -> None:
    first = Node(name="n0", run=crash)
    rest = [node(crash, name=f"n{i}", needs=(f"n{i - 1}",)) for i in range(1, 3000)]
    done = await run(Graph([first, *rest]))
    last = done.outcomes["n2999"]
    assert last.status is Status.SKIPPED
    assert "which was skipped because n0 failed" in last.reason
