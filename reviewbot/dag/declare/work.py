"""How much one evaluation may do: every turn of a loop, filter, test and search is counted.

A checked tree is rewritten before it is compiled: loops, comparisons, slices and joined texts go
through filters of our own, under names that nobody can write.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from jinja2 import Undefined, nodes, pass_context
from jinja2.runtime import Context

from reviewbot.dag.declare import allowed

MOST = 1_000_000
WORK = "_work"


@dataclass(slots=True)
class Work:
    """What one evaluation has done so far: turns, and the sizes of what was looked through."""

    done: int = 0

    def add(self, amount: int) -> None:
        """Count.

        Raises:
            OverflowError: it is too much.
        """
        self.done += amount
        if self.done > MOST:
            raise OverflowError(f"more than {MOST:,} steps of work")


def counted(
    apply: Callable[..., Any], around: Callable[[Context], tuple[Any, ...]] = lambda _: ()
) -> Callable[..., Any]:
    """A filter or test that counts what it is given, and the text it makes.

    `around` gives what it needs before its value.
    """

    @pass_context
    def count(context: Context, /, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - any filter
        work: Work = context[WORK]
        work.add(1 + sum(map(_size, given)) + sum(map(_size, named.values())))
        found = apply(*around(context), *given, **named)
        if isinstance(found, str):
            work.add(len(found))
        return found

    return count


def _size(value: object) -> int:
    return len(value) if isinstance(value, Sized) and not isinstance(value, Undefined) else 0


@pass_context
def _each(context: Context, values: Iterable[Any], weight: int) -> Iterator[Any]:
    """The values of a loop; `weight` is how much each turn does."""
    work: Work = context[WORK]
    for value in values:
        work.add(weight)
        yield value


@pass_context
def _sized(context: Context, value: Any) -> Any:  # noqa: ANN401 - any value
    """The value, looked through once."""
    context[WORK].add(_size(value))
    return value


def _concat(values: Iterable[Any]) -> str:
    return allowed.bounded("".join(map(allowed.shown, values)))


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        **{name: counted(one) for name, one in allowed.OF_VALUES.items()},
        **{
            name: counted(one, lambda context: (context.environment,))
            for name, one in allowed.OF_PARTS.items()
        },
        **{name: counted(one, lambda context: (context,)) for name, one in allowed.OF_EACH.items()},
        "_each": _each,
        "_sized": _sized,
        "_concat": counted(_concat),
    }
)
TESTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {name: counted(one) for name, one in allowed.TESTS.items()}
)


def guarded(tree: nodes.Node) -> Any:  # noqa: ANN401 - the same kind of tree
    """The tree with everything counted that can be large or often."""
    for loop in tuple(tree.find_all(nodes.For)):
        weight = nodes.Const(sum(1 for _ in loop.find_all(nodes.Node)))
        loop.iter = _filtered(loop.iter, "_each", weight)
    for operand in tree.find_all(nodes.Operand):
        if not isinstance(operand.expr, nodes.Const):
            operand.expr = _filtered(operand.expr, "_sized")
    for place in tree.find_all(nodes.Getitem):
        if isinstance(place.arg, nodes.Slice):
            place.node = _filtered(place.node, "_sized")
    for node in tuple(tree.find_all(nodes.Node)):
        for name, value in node.iter_fields():
            if isinstance(value, list):
                value[:] = map(_joined, value)
            else:
                setattr(node, name, _joined(value))
    return _joined(tree)


def _joined(part: Any) -> Any:  # noqa: ANN401 - any part of a tree
    if not isinstance(part, nodes.Concat):
        return part
    return _filtered(nodes.List(part.nodes, lineno=part.lineno), "_concat")


def _filtered(tree: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        cast("nodes.Expr", tree), name, [*arguments], [], None, None, lineno=tree.lineno
    )
