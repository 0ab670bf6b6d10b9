"""Layers of settings: a document's defaults, a node's own, and what others set over both."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from reviewbot.dag.declare.document import Document, parse_document
from reviewbot.dag.declare.policy_entries import BreakerEntry, CacheEntry, RetryEntry
from reviewbot.dag.declare.problem import Problems

T = TypeVar("T")
EVERY = "*"
SEPARATOR = "__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One key and its value, stronger than the document.

    `key` is dotted, `nodes.types.timeout`; `*` stands for every name that is there. `text` is the
    value as YAML, and `origin` who says so, as the reader knows it: `--set`, or a variable.
    """

    key: str
    text: str
    origin: str


def from_environment(environment: Mapping[str, str], prefix: str) -> tuple[Override, ...]:
    """Overrides of the variables that begin with `prefix`, in the order of their names.

    `PREFIX__NODES__TYPES__TIMEOUT=90s` sets `nodes.types.timeout`; capitals do not matter, for a
    document's keys too.
    """
    start = f"{prefix}{SEPARATOR}"
    return tuple(
        Override(
            key=".".join(name.removeprefix(start).split(SEPARATOR)).lower(),
            text=environment[name],
            origin=name,
        )
        for name in sorted(environment)
        if name.startswith(start)
    )


def overlaid(document: Document, overrides: Iterable[Override], problems: Problems) -> Document:
    """The document with the overrides in place, later ones over earlier ones."""
    values: dict[str, Any] = deepcopy(dict(document.values))
    lines = dict(document.lines)
    origins = dict(document.origins)
    for each in overrides:
        found = Problems()
        value = parse_document(f"value: {each.text}\n", each.origin, found).values.get("value")
        if found:
            problems.add((), f"{each.origin} {each.key}: {each.text[:60]!r} is no value")
            continue
        for path in _paths(values, tuple(each.key.split("."))):
            if not _put(values, path, value):
                problems.add((), f"{each.origin} {each.key}: a key in it holds no keys")
                continue
            lines = {one: line for one, line in lines.items() if one[: len(path)] != path}
            origins = {one: who for one, who in origins.items() if one[: len(path)] != path}
            made = {path[:depth] for depth in range(1, len(path))} - lines.keys() - origins.keys()
            origins.update(dict.fromkeys({*made, path}, f"{each.origin} {each.key}"))
    return replace(document, values=values, lines=lines, origins=origins)


def _paths(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The paths that a key with `*` means; names are found whatever their capitals."""
    if not path:
        yield ()
        return
    first, *rest = path
    if first == EVERY:
        names = tuple(values)
    else:
        names = tuple(one for one in values if one == first) or tuple(
            one for one in values if one.lower() == first.lower()
        )
    for name in names or (() if first == EVERY else (first,)):
        inner = values.get(name)
        inside = inner if isinstance(inner, dict) else {}
        for below in _paths(inside, tuple(rest)):
            yield (name, *below)


def _put(values: dict[str, Any], path: tuple[str, ...], value: object) -> bool:
    *above, last = path
    for step in above:
        inner: object = values.setdefault(step, {})
        if not isinstance(inner, dict):
            return False
        values = inner
    values[last] = value
    return True


def laid(under: T, over: T) -> T:
    """One entry over another: what the upper one does not say is the lower one's.

    What belongs together key by key (a retry, a breaker, a mapping) is laid the same way; anything
    else is replaced.
    """
    chosen = {
        part.name: _over(getattr(under, part.name), getattr(over, part.name))
        for part in fields(under)  # type: ignore[arg-type] # entries are dataclasses
        if getattr(under, part.name, None) is not None
    }
    return replace(over, **chosen)  # type: ignore[type-var] # as above


def _over(under: Any, over: Any) -> Any:  # noqa: ANN401 - fields of entries
    if over is None:
        return under
    if isinstance(under, RetryEntry | BreakerEntry | CacheEntry) and type(under) is type(over):
        return laid(under, over)
    if isinstance(under, dict) and isinstance(over, dict):
        return {**under, **over}
    return over
