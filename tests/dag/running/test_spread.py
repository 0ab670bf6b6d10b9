"""What a node is mapped over is joined by key, and every item knows what it was made of."""

from typing import Any

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Items, split
from reviewbot.dag.node import node
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.mapping import FILES, mapped


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
