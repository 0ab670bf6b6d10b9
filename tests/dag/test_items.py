"""A node maps over items: each on its own, in order, joined by key, with its lineage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Group, Item, Items, grouped, split
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted

FILES = {"a.py": "alpha", "b.py": "beta", "c.py": "gamma", "d.py": "delta"}


@node(each={"file": "files"})
async def triage(file: str, change: str) -> str:
    if file == "beta":
        raise ValueError("torn page")
    return f"{change}:{file}"


def keyed(items: Items[Any]) -> dict[str, tuple[Status, Any]]:
    return {each.key: (each.outcome.status, each.outcome.value) for each in items}


async def mapped(node_: Node, inputs: Mapping[str, Any], **options: Any) -> Any:
    done = await run(Graph([node_], dict.fromkeys(inputs, Any)), inputs, **options)
    return done.outcomes[node_.name]


@pytest.mark.anyio
@pytest.mark.feature("E31")
@pytest.mark.feature("E35")
async def test_one_failing_item_of_four_leaves_three_results_and_a_reason_that_names_it() -> None:
    outcome = await mapped(triage, {"files": FILES, "change": "pr"})
    assert outcome.status is Status.PARTIAL
    assert outcome.reason == (
        "1 of 4 missing: triage[b.py] failed (ValueError: torn page, attempt 1 of 1)"
    )
    assert outcome.value.values == ("pr:alpha", "pr:gamma", "pr:delta")
    assert [each.key for each in outcome.value.missing] == ["b.py"]
    assert [each.key for each in outcome.value] == list(FILES)


@node(each={"one": "many"})
async def odd(one: int) -> int:
    if not one % 2:
        raise ValueError(one)
    return one


@pytest.mark.parametrize(
    ("many", "policy", "status"),
    [
        ((), Policy(), Status.SUCCEEDED),
        ((1, 3), Policy(), Status.SUCCEEDED),
        ((1, 2), Policy(), Status.PARTIAL),
        ((2, 4), Policy(), Status.FAILED),
        ((1, 2), Policy(fallback=Fallback(value=0)), Status.FELL_BACK),
        ((2, 3), Policy(backups=(Backup(name="even", run=lambda one: one),)), Status.REROUTED),
    ],
    ids=["none", "all well", "one fails", "all fail", "one falls back", "one is rerouted"],
)
@pytest.mark.anyio
@pytest.mark.feature("E35")
async def test_what_became_of_the_items_is_what_became_of_the_node(
    many: tuple[int, ...], policy: Policy, status: Status
) -> None:
    outcome = await mapped(odd.bind("odd", policy=policy), {"many": many})
    assert outcome.status is status
    assert len(outcome.value) == len(many)
    assert (outcome.reason == "") == (status is Status.SUCCEEDED)


@pytest.mark.anyio
async def test_the_whole_policy_holds_for_each_item_on_its_own() -> None:
    calls: list[int] = []

    async def flaky(one: int) -> int:
        calls.append(one)
        if one == 2 and calls.count(2) < 3:
            raise ConnectionError(one)
        if one == 3:
            await anyio.sleep(3600)
        return one

    policy = Policy(timeout=0.05, retry=Retry(on=(ConnectionError,), attempts=3, base=0))
    mapping = node(flaky, each={"one": "many"}, policy=policy)
    outcome = await mapped(mapping, {"many": (1, 2, 3)})
    assert keyed(outcome.value) == {
        "0": (Status.SUCCEEDED, 1),
        "1": (Status.SUCCEEDED, 2),
        "2": (Status.TIMED_OUT, None),
    }
    assert [len(each.outcome.attempts) for each in outcome.value] == [1, 3, 1]


@pytest.mark.anyio
@pytest.mark.feature("E32")
async def test_sources_are_joined_by_key_whatever_their_order_and_gaps() -> None:
    @node(each={"text": "files", "size": "sizes", "hint": "hints", "age": "ages"})
    async def joined(text: str, size: int, hint: str | None, age: Outcome[int]) -> str:
        return f"{text} {size} {hint} {age.value if age.ok else age.reason}"

    outcome = await mapped(
        joined,
        {
            "files": {"a": "alpha", "b": "beta", "c": "gamma"},
            "sizes": {"c": 3, "a": 1, "z": 26},
            "hints": {"c": "see"},
            "ages": {"a": 7},
        },
    )
    assert [str(each.outcome) for each in outcome.value.missing] == [
        "joined[b] skipped (needs sizes[b], which was skipped: 'sizes' has no item 'b')"
    ]
    assert outcome.value.values == ("alpha 1 None 7", "gamma 3 see 'ages' has no item 'c'")


@pytest.mark.anyio
@pytest.mark.feature("E32")
async def test_items_of_two_nodes_meet_by_key_and_a_failed_one_is_a_gap() -> None:
    @node(each={"file": "files"})
    async def lint(file: str) -> str:
        if file == "beta":
            raise ValueError("no syntax")
        return file.upper()

    @node(each={"file": "files"})
    async def types(file: str) -> int:
        return len(file)

    @node(each={"length": "types", "found": "lint"})
    async def both(length: int, found: str) -> str:
        return f"{found} {length}"

    done = await run(Graph([lint, types, both], {"files": Any}), {"files": FILES})
    assert done.value("both").by_key == {"a.py": "ALPHA 5", "c.py": "GAMMA 5", "d.py": "DELTA 5"}
    assert "needs lint[b.py], which failed: ValueError: no syntax" in done.outcomes["both"].reason


@dataclass(frozen=True)
class Seen:
    """What each form of asking for many items received."""

    whole: Items[str]
    values: tuple[str, ...]
    listed: list[str]
    named: Mapping[str, str]
    outcome: Outcome[Sequence[str]]


@pytest.mark.anyio
@pytest.mark.feature("E33")
async def test_who_depends_on_a_map_gets_it_in_the_form_it_asks_for() -> None:
    @node
    async def merge(
        whole: Items[str],
        values: tuple[str, ...],
        listed: list[str],
        named: Mapping[str, str],
        outcome: Outcome[Sequence[str]],
    ) -> Seen:
        return Seen(whole, values, listed, named, outcome)

    forms = ("whole", "values", "listed", "named", "outcome")
    bound = merge.bind("merge", inputs=dict.fromkeys(forms, "triage"))
    graph = Graph([triage, bound], {"files": Any, "change": str})
    seen = (await run(graph, {"files": FILES, "change": "pr"})).value("merge")
    present = ["pr:alpha", "pr:gamma", "pr:delta"]
    assert len(seen.whole) == len(FILES)
    assert seen.values == tuple(present)
    assert seen.listed == present
    assert seen.named == dict(zip(("a.py", "c.py", "d.py"), present, strict=True))
    assert seen.outcome.value == tuple(present)
    assert seen.outcome.status is Status.PARTIAL


@pytest.mark.anyio
@pytest.mark.feature("E33")
@pytest.mark.feature("E34")
@pytest.mark.feature("S10")
async def test_classify_then_group_then_analyze_each_group() -> None:
    calls: list[str] = []

    @node(each={"file": "files"})
    async def classify(file: str) -> str:
        calls.append(f"classify {file}")
        return "long" if len(file) > 4 else "short"

    @node
    async def group(classify: Items[str]) -> tuple[Group[str], ...]:
        calls.append("group")
        return grouped(classify, lambda kind: kind)

    @node(each={"kind": "group"})
    async def analyze(kind: Group[str]) -> int:
        calls.append(f"analyze {kind.key}")
        return len(kind.members)

    graph = Graph([classify, group, analyze], {"files": Any})
    done = await run(graph, {"files": FILES}, labels={"files": "pr#12@sha"})
    assert calls == [
        *(f"classify {text}" for text in FILES.values()),
        "group",
        "analyze long",
        "analyze short",
    ]
    assert done.value("analyze").by_key == {"long": 3, "short": 1}
    assert [(each.id, each.sources) for each in done.value("analyze")] == [
        ("group/long", ("pr#12@sha/a.py", "pr#12@sha/c.py", "pr#12@sha/d.py")),
        ("group/short", ("pr#12@sha/b.py",)),
    ]


@pytest.mark.anyio
@pytest.mark.feature("E34")
@pytest.mark.feature("S10")
async def test_the_id_of_an_item_names_what_it_was_made_of_all_the_way_back() -> None:
    @node(each={"file": "files"})
    async def hunks(file: str) -> tuple[str, ...]:
        return tuple(file[place : place + 3] for place in range(0, len(file), 3))

    @node
    async def apart(hunks: Items[tuple[str, ...]]) -> Items[str]:
        return split(hunks, lambda found: {f"hunk{place}": one for place, one in enumerate(found)})

    @node(each={"hunk": "apart"})
    async def review(hunk: str) -> str:
        return hunk.upper()

    graph = Graph([hunks, apart, review], {"files": Any})
    done = await run(graph, {"files": {"a.py": "alpha"}}, labels={"files": "pr#12@sha"})
    assert [(each.key, each.id, each.sources) for each in done.value("review")] == [
        ("a.py/hunk0", "pr#12@sha/a.py/hunk0", ("pr#12@sha/a.py/hunk0",)),
        ("a.py/hunk1", "pr#12@sha/a.py/hunk1", ("pr#12@sha/a.py/hunk1",)),
    ]
    assert [each.sources for each in done.value("apart")] == [("pr#12@sha/a.py",)] * 2
    assert done.value("review").values == ("ALP", "HA")


@pytest.mark.parametrize(
    ("files", "each", "keys"),
    [
        (("x", "y"), Each(over={"file": "files"}), ["0", "1"]),
        (["x", "y"], Each(over={"file": "files"}, key=str.upper), ["X", "Y"]),
        ({"k": "x", 7: "y"}, Each(over={"file": "files"}), ["k", "7"]),
    ],
    ids=["positions", "a key function", "a mapping"],
)
@pytest.mark.anyio
async def test_items_have_keys(files: Any, each: Each, keys: list[str]) -> None:
    async def show(file: str) -> str:
        return file

    outcome = await mapped(node(show, each=each), {"files": files})
    assert [one.key for one in outcome.value] == keys
    assert [one.id for one in outcome.value] == [f"files/{key}" for key in keys]


@pytest.mark.parametrize(
    ("files", "key", "reason"),
    [
        ("text", None, "'files' is str, which is no collection of items"),
        (3, None, "'files' is int, which is no collection of items"),
        ({"a", "b"}, None, "'files' is set, which is no collection of items"),
        (("aa", "bb", "ac"), lambda one: one[0], "'files' has more than one item 'a'"),
        (("",), lambda one: one[0], "string index out of range"),
    ],
    ids=["text", "a number", "no order", "the same key twice", "a key that raises"],
)
@pytest.mark.anyio
async def test_what_cannot_be_mapped_over_fails_the_node_and_says_why(
    files: Any, key: Any, reason: str
) -> None:
    async def show(file: str) -> str:
        return file

    mapping = node(show, each=Each(over={"file": "files"}, key=key))
    outcome = await mapped(mapping, {"files": files})
    assert outcome.status is Status.FAILED
    assert reason in outcome.reason


@pytest.mark.anyio
async def test_a_limit_names_the_items_that_are_not_done() -> None:
    limited = node(odd.run, name="odd", each=Each(over={"one": "many"}, limit=2))
    outcome = await mapped(limited, {"many": (1, 3, 5)})
    assert outcome.status is Status.PARTIAL
    assert outcome.value.values == (1, 3)
    assert outcome.reason == "1 of 3 missing: odd[2] skipped (not done: only 2 items are)"


@pytest.mark.parametrize(
    ("each", "options", "expected"),
    [
        (Each(over={"one": "many"}), {}, 6),
        (Each(over={"one": "many"}, parallel=2), {}, 2),
        (Each(over={"one": "many"}), {"max_parallel": 3}, 3),
        (Each(over={"one": "many"}), {"limits": {"llm": 4}}, 4),
    ],
    ids=["all", "the node's own", "the run's", "a resource"],
)
@pytest.mark.anyio
@pytest.mark.feature("E30")
async def test_items_work_at_once_within_every_limit(
    each: Each, options: dict[str, Any], expected: int
) -> None:
    working = peak = 0

    async def ask(one: int) -> int:
        nonlocal working, peak
        working += 1
        peak = max(peak, working)
        await anyio.sleep(0.001)
        working -= 1
        return one

    mapping = node(ask, each=each, policy=Policy(resources={"llm": 1}))
    outcome = await mapped(mapping, {"many": tuple(range(6))}, **options)
    assert outcome.value.values == tuple(range(6))
    assert peak == expected


@pytest.mark.feature("E35")
def test_items_that_ended_before_the_deadline_are_kept(virtual: Any) -> None:
    @node(each={"seconds": "times"})
    async def wait(seconds: float) -> float:
        await anyio.sleep(seconds)
        return seconds

    @node
    async def merge(wait: Outcome[tuple[float, ...]]) -> tuple[float, ...]:
        return wait.value or ()

    graph = Graph([wait, merge], {"times": Any})

    async def play() -> Run:
        times = {"times": (1.0, 50.0, 2.0, 3.0)}
        return await run(graph, times, deadline=4, max_parallel=2, clock=virtual.clock)

    done = virtual(play)
    assert done.value("merge") == (1.0, 2.0)
    assert done.outcomes["wait"].status is Status.PARTIAL
    assert [str(each.outcome) for each in done.outcomes["wait"].value.missing] == [
        "wait[1] timed out (run deadline of 4 s, attempt 1 of 1)",
        "wait[3] timed out (run deadline of 4 s, attempt 1 of 1)",
    ]


@pytest.mark.anyio
async def test_events_name_every_item_by_its_path() -> None:
    told: list[Event] = []
    await mapped(odd, {"many": (1, 3)}, on_event=told.append)
    assert [event.node for event in told if isinstance(event, NodeStarted)] == [
        "odd",
        "odd[0]",
        "odd[1]",
    ]
    assert [event.node for event in told if isinstance(event, NodeSettled)] == [
        "odd[0]",
        "odd[1]",
        "odd",
    ]


def gives(annotation: Any, name: str = "files") -> Node:
    def made() -> Any:
        raise AssertionError

    return Node(name=name, run=made, output=annotation)


async def per_file(file: int) -> str:
    raise AssertionError(file)


async def total(each_file: int) -> int:
    raise AssertionError(each_file)


async def names(each_file: Mapping[str, int]) -> int:
    raise AssertionError(each_file)


PER_FILE = node(per_file, name="each_file", each={"file": "files"})


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([PER_FILE], "missing input 'files' of 'each_file'"),
        ([gives(int), PER_FILE], "'files' gives int, which is no collection 'each_file' could map"),
        (
            [gives(tuple[str, ...]), PER_FILE],
            "'files' gives items of str, but 'file' of 'each_file' expects items of int",
        ),
        ([gives(dict[str, int]), PER_FILE, node(total)], "but 'each_file' of 'total' expects int"),
        (
            [gives(list[int]), PER_FILE, node(names)],
            "'each_file' gives items of str, but 'each_file' of 'names' expects items of",
        ),
        (
            [gives(list[int]), Node(name="n", run=total, each=Each(over={"fil": "files"}))],
            "'n' has no parameter 'fil'",
        ),
        ([Node(name="n", run=total, each=Each(over={}))], "'n' maps over nothing"),
        (
            [gives(Any), PER_FILE.bind("n", each=Each(over={"file": "files"}, parallel=0))],
            "the parallel of 'n' is 0, but must be at least 1",
        ),
    ],
    ids=["missing", "no collection", "item", "whole", "all items", "parameter", "empty", "option"],
)
def test_a_map_that_cannot_work_is_named_when_the_graph_is_built(
    nodes: list[Node], problem: str
) -> None:
    with pytest.raises(GraphError) as caught:
        Graph(nodes)
    assert problem in str(caught.value)


def test_an_unknown_parameter_of_a_map_is_named_with_the_nearest() -> None:
    with pytest.raises(GraphError, match="has no parameter 'fiel'; did you mean 'file'"):
        node(per_file, each={"fiel": "files"})


def test_a_map_that_fits_is_built() -> None:
    Graph([gives(dict[str, int]), PER_FILE, node(lambda each_file: each_file, name="any")])
    Graph([gives(Items[bool]), PER_FILE])
    Graph([gives(Any), PER_FILE])


def alone(key: str, value: int | None) -> Item[int]:
    status = Status.FAILED if value is None else Status.SUCCEEDED
    return Item(key=key, id=key, outcome=Outcome(node=key, status=status, value=value))


numbers = st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 9), max_size=8)


@given(numbers, st.integers(1, 4))
def test_grouping_and_splitting_lose_and_invent_nothing(
    values: dict[str, int | None], parts: int
) -> None:
    items = Items(tuple(alone(key, value) for key, value in values.items()))
    groups = grouped(items, lambda value: str(value % parts))
    assert sorted(one for group in groups for one in group.members) == sorted(items.values)
    assert sorted(one for group in groups for one in group.sources) == sorted(
        key for key, value in values.items() if value is not None
    )
    pieces = split(items, range)
    assert len(pieces.values) == sum(items.values)
    assert [each.id for each in pieces.missing] == [each.id for each in items.missing]


@given(
    values=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5), max_size=6),
    failing=st.sets(st.integers(0, 5)),
    max_parallel=st.integers(1, 3),
    parallel=st.none() | st.integers(1, 3),
)
@settings(max_examples=40, deadline=None)
@pytest.mark.feature("E35")
def test_conservation_every_item_comes_out_once_in_order_whatever_fails(
    values: dict[str, int], failing: set[int], max_parallel: int, parallel: int | None
) -> None:
    async def work(one: int) -> int:
        if one in failing:
            raise ValueError(one)
        await checkpoint()
        return one * 10

    mapping = node(work, each=Each(over={"one": "many"}, parallel=parallel))

    async def play() -> Any:
        return await mapped(mapping, {"many": values}, max_parallel=max_parallel)

    found = anyio.run(play).value
    assert [each.key for each in found] == list(values)
    assert found.by_key == {k: v * 10 for k, v in values.items() if v not in failing}
    assert [each.key for each in found.missing] == [k for k, v in values.items() if v in failing]
