"""A graph with everything in it: a map, groups made of its items, a map over those, a subgraph."""

from collections import Counter
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from anyio.lowlevel import checkpoint

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Group, Items, grouped
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.run import Outcome

FILES = ("a.py", "b.md", "c.py", "d.md", "e.py")


class BrokenError(Exception):
    """Indicates an item that was told to fail."""


@dataclass(kw_only=True)
class Fate:
    """What is to fail, and how often everybody was called."""

    broken: Collection[str] = ()
    calls: Counter[str] = field(default_factory=Counter)


# Not in a closure: what a closure holds is part of a node's code, by which it is known again.
FATE: ContextVar[Fate] = ContextVar("fate")


async def _called(what: str) -> None:
    FATE.get().calls[what] += 1
    await checkpoint()
    if what in FATE.get().broken:
        raise BrokenError(what)
    await checkpoint()


@node(each={"file": "files"})
async def lint(file: str) -> str:
    await _called(f"lint {file}")
    return f"{file} is linted"


@node
async def kinds(lint: Items[str]) -> tuple[Group[str], ...]:
    await _called("kinds")
    return grouped(lint, lambda text: text.split()[0][-2:])


@node(each={"kind": "kinds"})
async def told(kind: Group[str]) -> str:
    await _called(f"told {kind.key}")
    return f"{kind.key}: {len(kind.members)}"


@node(each={"file": "files"})
async def sizes(file: str) -> int:
    await _called(f"sizes {file}")
    return len(file)


@node
async def total(sizes: Items[int]) -> int:
    await _called("total")
    return sum(sizes.values)


@node
async def merge(told: Outcome[Items[str]], pack: Outcome[int]) -> str:
    await _called("merge")
    return f"{told.value.values if told.value else ()} {pack.value}"


PACK = nested("pack", Graph([sizes, total], {"files": tuple[str, ...]}), gives="total")
GRAPH = Graph([lint, kinds, told, PACK, merge], {"files": tuple[str, ...]})


def expected(broken: Iterable[str] = ()) -> str:
    """What the merge must say, worked out with plain Python."""
    gone = frozenset(broken)
    linted = [file for file in FILES if f"lint {file}" not in gone]
    found = Counter(file[-2:] for file in linted)
    said = tuple(f"{kind}: {count}" for kind, count in found.items() if f"told {kind}" not in gone)
    sized = [len(file) for file in FILES if f"sizes {file}" not in gone]
    return f"{said} {sum(sized) if sized else None}"
