"""N items become M groups or parts, and nothing is lost or invented."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Group, Item, Items, grouped, split
from reviewbot.dag.node import node
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.mapping import FILES


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
