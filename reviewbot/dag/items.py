"""Items: many things that one node works on one by one, in order, each with its own outcome."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from reviewbot.dag.run import Outcome

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """Which parameters of a node receive one item at a time.

    `over` maps a parameter to the node or input whose items it receives; the first gives the keys
    and the order, the others are joined to it by key. What is mapped over is an `Items`, a mapping,
    or a sequence: of `Group`s (their keys), else by `key(value)`, else by position. At most `limit`
    items are worked on, the others are named as not done; at most `parallel` at once.
    """

    over: Mapping[str, str]
    key: Callable[[Any], str] | None = None
    limit: int | None = None
    parallel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Generic[T_co]):
    """One item and what became of it.

    `id` is its lineage. An item of an input or of a plain collection is `<root>/<key>`, where the
    root is the input's label, its name, or the path of the node that gave the collection; made of
    one item by a node that maps, it keeps that item's id; split off from one (`split`) it is that
    item's id, `/`, its own key. `sources` are the ids of all items it was made of.
    """

    key: str
    id: str
    outcome: Outcome[T_co]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items(Generic[T_co]):
    """The value of a node that maps: its items in the order of what it maps over."""

    items: tuple[Item[T_co], ...]

    def __iter__(self) -> Iterator[Item[T_co]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def values(self) -> tuple[T_co, ...]:
        """The values there are, in order."""
        return tuple(each.outcome.value for each in self.items if each.outcome.ok)  # type: ignore[misc] # ok says that it is there

    @property
    def by_key(self) -> Mapping[str, T_co]:
        """The values there are, by key."""
        return {each.key: each.outcome.value for each in self.items if each.outcome.ok}  # type: ignore[misc] # ok says that it is there

    @property
    def missing(self) -> tuple[Item[T_co], ...]:
        """The items without a value, in order."""
        return tuple(each for each in self.items if not each.outcome.ok)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Generic[T_co]):
    """Several items that are one from now on; `sources` are the ids of those it was made of."""

    key: str
    members: tuple[T_co, ...]
    sources: tuple[str, ...] = ()


def split(items: Items[T], into: Callable[[T], Mapping[str, U] | Iterable[U]]) -> Items[U]:
    """N items as M: each becomes what `into` gives for it, by key or by position.

    Example: the hunks of the file `a.py` have the keys `a.py/0`, `a.py/1`. An item without a value
    stays what it is.
    """
    return Items(tuple(part for each in items for part in _parts(each, into)))


def _parts(item: Item[T], into: Callable[[T], Mapping[str, U] | Iterable[U]]) -> Iterator[Item[U]]:
    if not item.outcome.ok:
        yield cast("Item[U]", item)  # without a value it is an item of any kind
        return
    found = into(cast("T", item.outcome.value))
    pairs = found.items() if isinstance(found, Mapping) else enumerate(found)
    for name, value in pairs:
        yield Item(
            key=f"{item.key}/{name}",
            id=f"{item.id}/{name}",
            outcome=replace(cast("Outcome[Any]", item.outcome), value=value),
            sources=(item.id,),
        )


def grouped(items: Items[T], by: Callable[[T], str | Iterable[str]]) -> tuple[Group[T], ...]:
    """N items as M groups, in the order in which their keys first come up.

    `by` gives the key of an item's group, or several keys, or none for an item that is left out.
    """
    members: dict[str, list[Item[T]]] = {}
    for each in items:
        if each.outcome.ok:
            keys = by(each.outcome.value)  # type: ignore[arg-type] # ok says that it is there
            for key in (keys,) if isinstance(keys, str) else keys:
                members.setdefault(key, []).append(each)
    return tuple(
        Group(
            key=key,
            members=tuple(each.outcome.value for each in found),  # type: ignore[misc] # as above
            sources=tuple(each.id for each in found),
        )
        for key, found in members.items()
    )
