"""Orders, waves, cycles and paths of a dependency mapping. Pure, iterative, linear in its size.

`needs` maps each name to the names it waits for; `after` is the same the other way round.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Names: TypeAlias = tuple[str, ...]
Links: TypeAlias = Mapping[str, Names]


def inverted(needs: Links) -> dict[str, Names]:
    """Who waits for each name, in the order of `needs`."""
    found: dict[str, list[str]] = {name: [] for name in needs}
    for name, wanted in needs.items():
        for other in wanted:
            found[other].append(name)
    return {name: tuple(others) for name, others in found.items()}


def ordered(needs: Links, after: Links) -> Names:
    """A topological order; names on a cycle or behind one are missing (Kahn 1962).

    Example: `{"c": ("a", "b"), "a": (), "b": ("a",)}` gives `("a", "b", "c")`.
    """
    open_needs = {name: len(wanted) for name, wanted in needs.items()}
    order = [name for name, count in open_needs.items() if not count]
    for name in order:  # grows while it is walked
        for other in after[name]:
            open_needs[other] -= 1
            if not open_needs[other]:
                order.append(other)
    return tuple(order)


def waves(order: Iterable[str], needs: Links) -> dict[str, int]:
    """The longest distance of each name from a source; sources are 0."""
    wave: dict[str, int] = {}
    for name in order:
        wave[name] = max((wave[other] + 1 for other in needs[name]), default=0)
    return wave


def cycles(needs: Links, order: Iterable[str]) -> list[Names]:
    """The cycles that keep names out of `order`, each as a path that begins at its least name.

    Every name left over waits for another one left over, so walking back must run into a cycle.
    Paths read in the direction of the data and do not repeat the first name at the end.
    """
    left = set(needs) - set(order)
    seen: set[str] = set()
    found: list[Names] = []
    for start in sorted(left):
        path: dict[str, int] = {}
        name = start
        while name not in seen:
            seen.add(name)
            path[name] = len(path)
            name = next(other for other in needs[name] if other in left)
        if name in path:
            found.append(_turned(list(path)[path[name] :][::-1]))
    return found


def _turned(circle: Sequence[str]) -> Names:
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])


def reachable(starts: Iterable[str], links: Links) -> frozenset[str]:
    """The starts and everything that can be reached from them along the links."""
    seen = set(starts)
    queue = list(seen)
    for name in queue:  # grows while it is walked
        fresh = [other for other in links[name] if other not in seen]
        seen.update(fresh)
        queue.extend(fresh)
    return frozenset(seen)


def remaining(order: Sequence[str], after: Links, seconds: Mapping[str, float]) -> dict[str, float]:
    """For each name the seconds from its start to the end along its longest path."""
    rest: dict[str, float] = {}
    for name in reversed(order):
        followers = after[name]
        longest = max([rest[other] for other in followers]) if followers else 0.0
        rest[name] = longest + seconds[name]
    return rest


def longest_path(after: Links, rest: dict[str, float]) -> Names:
    """The names of the longest path, given `remaining`; ties go to the first in order."""
    path: list[str] = []
    level: Names = tuple(reversed(rest))
    while level:
        path.append(max(level, key=rest.__getitem__))
        level = after[path[-1]]
    return tuple(path)


def slack(
    order: Sequence[str], needs: Links, after: Links, seconds: Mapping[str, float]
) -> dict[str, float]:
    """How many seconds later each name could end without making the whole longer."""
    rest = remaining(order, after, seconds)
    whole = max(rest.values(), default=0.0)
    begun: dict[str, float] = {}
    for name in order:
        begun[name] = max((begun[other] + seconds[other] for other in needs[name]), default=0.0)
    return {name: max(0.0, whole - begun[name] - rest[name]) for name in order}
