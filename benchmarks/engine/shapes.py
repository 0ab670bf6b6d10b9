"""The graphs that every system is given, as names and what each needs."""

import random
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

Needs: TypeAlias = Mapping[str, tuple[str, ...]]
Body: TypeAlias = Callable[..., Coroutine[Any, Any, object]]
"""What a node does, called with its name; whatever else a system hands over is ignored."""


def chain(length: int) -> Needs:
    """Each node needs the one before it."""
    return {f"n{i}": (f"n{i - 1}",) if i else () for i in range(length)}


def fan(width: int) -> Needs:
    """A source, `width` nodes after it, a sink after them all."""
    middle = {f"n{i}": ("source",) for i in range(width)}
    return {"source": (), **middle, "sink": tuple(middle)}


def layers(count: int, width: int, *, skip: bool = False) -> Needs:
    """Layers whose nodes need one to three nodes of the layer before, or of any one (`skip`)."""
    dice = random.Random(7)  # noqa: S311 - the same graph every time
    needs: dict[str, tuple[str, ...]] = {"source": ()}
    reach = ["source"]
    last: tuple[str, ...] = ()
    for layer in range(count):
        fresh = [f"n{layer}_{i}" for i in range(width)]
        for name in fresh:
            needs[name] = tuple(dice.sample(reach, min(len(reach), dice.randint(1, 3))))
        reach = [*reach, *fresh] if skip else fresh
        last = tuple(fresh)
    return {**needs, "sink": last}


SHAPES: Mapping[str, Needs] = {
    "chain 100": chain(100),
    "fan 100": fan(100),
    "fan 1000": fan(1000),
    "fan 10000": fan(10_000),
    "layer1000": layers(20, 49),
    "layer1000skip": layers(20, 49, skip=True),
}

Spans: TypeAlias = Mapping[str, tuple[float, tuple[str, ...]]]
"""Seconds that a node sleeps, and what it needs."""

TIMED: Mapping[str, Spans] = {
    "skewed": {
        "s": (0.0, ()),
        "a": (0.1, ("s",)),
        "b": (0.5, ("a",)),
        "c": (0.5, ("s",)),
        "d": (0.1, ("c",)),
        "t": (0.0, ("b", "d")),
    },
    "review": {
        "fetch": (0.05, ()),
        "lint": (0.03, ("fetch",)),
        "types": (0.09, ("fetch",)),
        "security": (0.06, ("fetch",)),
        "tests": (0.15, ("fetch",)),
        "triage_lint": (0.20, ("lint",)),
        "triage_types": (0.15, ("types",)),
        "triage_security": (0.18, ("security",)),
        "triage_tests": (0.05, ("tests",)),
        "merge": (0.01, ("triage_lint", "triage_types", "triage_security", "triage_tests")),
        "decide": (0.0, ("merge",)),
        "comment": (0.0, ("decide",)),
        "label": (0.0, ("decide",)),
        "assign": (0.0, ("decide",)),
    },
}

BROKEN: Needs = {
    "start": (),
    "broken": ("start",),
    "sibling": ("start",),
    "merge": ("broken", "sibling"),
}
"""`broken` fails at once, `sibling` takes 0.2 s, `merge` would like to have both."""


def needs_of(spans: Spans) -> Needs:
    """The links alone."""
    return {name: wanted for name, (_, wanted) in spans.items()}


def sinks(needs: Needs) -> tuple[str, ...]:
    """The nodes that nobody waits for."""
    waited_for = {other for wanted in needs.values() for other in wanted}
    return tuple(name for name in needs if name not in waited_for)
