"""Node, the unit of work, and the decorator that makes one of a function."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self, overload

from reviewbot.dag.annotation import Classes, classes
from reviewbot.dag.condition import Condition
from reviewbot.dag.edge import Edge, context_of, edges_of, output_of, signature_of
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.items import Each
from reviewbot.dag.policy import DEFAULT, Policy

When = Condition | Callable[..., bool]
Over = Each | Mapping[str, str]


class Bound(partial[Any]):
    """A callable with some parameters fixed; equal to another of the same parts."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bound):
            return NotImplemented
        mine, theirs = (
            (self.func, self.args, self.keywords),
            (other.func, other.args, other.keywords),
        )
        return mine == theirs

    def __hash__(self) -> int:
        return hash(self.func)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A name, what to run under it, what it needs, and the policy it is run under.

    `run` is called with one keyword argument per edge. A plain function works in a thread, where it
    can be waited for but not interrupted: what may take long is a coroutine function. `output` is
    the annotation of its value, None when unknown; a value that is no instance of it is a failure.
    With `each` it is called once per item, and the node's value is an `Items` of those. `context`
    names the parameter that receives a Context. A `run` that is a `Nested` graph makes it a
    subgraph.
    """

    name: str
    run: Callable[..., Any]
    edges: tuple[Edge, ...] = ()
    policy: Policy = DEFAULT
    when: Condition | None = None
    output: Any = None
    each: Each | None = None
    context: str = ""
    is_async: bool = field(init=False, compare=False, repr=False)
    gives: Classes | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_async", is_async(self.run))
        object.__setattr__(self, "gives", None if self.output is None else classes(self.output))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever `run` takes
        """Call the function itself, outside any graph."""
        return self.run(*args, **kwargs)

    @property
    def all_edges(self) -> tuple[Edge, ...]:
        """The node's own edges and those of its condition."""
        return self.edges if self.when is None else (*self.edges, *self.when.edges)

    def bind(  # noqa: PLR0913 - the parts of a node
        self,
        name: str,
        *,
        inputs: Mapping[str, str] | None = None,
        needs: Iterable[str] = (),
        constants: Mapping[str, Any] | None = None,
        policy: Policy = DEFAULT,
        when: When | None = None,
        each: Over | None = None,
    ) -> Self:
        """The same work under another name, with other inputs.

        `inputs` maps a parameter to the node it reads from now on, `needs` fills a `**parameter`,
        `constants` fixes parameters to values, `policy` is laid over the present one, and `each`
        says what it is mapped over.

        Raises:
            GraphError: a name that is no parameter.
        """
        inputs, constants = dict(inputs or {}), constants or {}
        over = _over(each) or _moved(self.each, inputs)
        inputs.update({} if over is None else over.over)
        self._know([*inputs, *constants])
        needs = tuple(needs) or self._collected()
        run = Bound(self.run, **constants) if constants else self.run
        known = {edge.parameter: edge for edge in self.edges}
        edges = [
            known.get(edge.parameter, edge)
            for edge in edges_of(run, needs)
            if edge.parameter not in constants
        ]
        return replace(
            self,
            name=name,
            run=run,
            edges=tuple(replace(e, node=inputs.get(e.parameter, e.node)) for e in edges),
            policy=self.policy.merged(policy),
            when=as_condition(when) or self.when,
            each=over,
        )

    def _collected(self) -> tuple[str, ...]:
        """What the `**parameter` collects so far."""
        named = signature_of(self.run).parameters
        return tuple(edge.node for edge in self.edges if edge.parameter not in named)

    def _know(self, parameters: Iterable[str]) -> None:
        known = signature_of(self.run).parameters
        wrong = [name for name in parameters if name not in known]
        if wrong:
            raise GraphError(
                [
                    f"{self.name!r} has no parameter {name!r}{nearest(name, known)}"
                    for name in wrong
                ],
                phase="declare",
            )


def is_async(run: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine: a coroutine function, a partial or an object of one."""
    return inspect.iscoroutinefunction(run) or inspect.iscoroutinefunction(
        getattr(run, "__call__", None)  # noqa: B004 - the method itself is asked for, not whether
    )


def as_condition(when: When | None) -> Condition | None:
    """A predicate as a Condition; a Condition as it is."""
    return when if when is None or isinstance(when, Condition) else Condition.of(when)


def _over(each: Over | None) -> Each | None:
    """A mapping of parameters to sources as an Each; an Each as it is."""
    return each if each is None or isinstance(each, Each) else Each(over=dict(each))


def _moved(each: Each | None, inputs: Mapping[str, str]) -> Each | None:
    """The same map over other sources."""
    if each is None:
        return None
    over = {name: inputs.get(name, source) for name, source in each.over.items()}
    return replace(each, over=over)


@overload
def node(
    run: Any,  # noqa: ANN401 - a function or an object with `run`
    /,
    *,
    name: str | None = None,
    needs: Iterable[str] = (),
    policy: Policy = DEFAULT,
    when: When | None = None,
    each: Over | None = None,
) -> Node: ...
@overload
def node(
    *,
    name: str | None = None,
    needs: Iterable[str] = (),
    policy: Policy = DEFAULT,
    when: When | None = None,
    each: Over | None = None,
) -> Callable[[Any], Node]: ...
def node(
    run: Any = None,
    /,
    *,
    name: str | None = None,
    needs: Iterable[str] = (),
    policy: Policy = DEFAULT,
    when: When | None = None,
    each: Over | None = None,
) -> Node | Callable[[Any], Node]:
    """Make a Node of a function, a callable object, or an object with a `run` method.

    The parameter names are the dependencies (see `edges_of`); the name is the function's, or the
    object's `name`. Usable bare or with arguments. `each` maps parameters to what they are mapped
    over: `@node(each={"file": "files"})` calls the function once per file of `files`.

    Raises:
        GraphError: it cannot be called, or only by position, or has no name; `each` names no
            parameter.
    """
    if run is None:
        return partial(_node, name=name, needs=needs, policy=policy, when=when, each=each)
    return _node(run, name=name, needs=needs, policy=policy, when=when, each=each)


def _node(
    thing: Any,  # noqa: ANN401 - it is looked at
    *,
    name: str | None,
    needs: Iterable[str],
    policy: Policy,
    when: When | None,
    each: Over | None,
) -> Node:
    run = thing if callable(thing) else getattr(thing, "run", None)
    called = name or getattr(thing, "__name__", None) or getattr(thing, "name", None)
    if not callable(run) or not isinstance(called, str):
        raise GraphError([f"{thing!r} is no node: nothing to call, or no name"], phase="declare")
    over = _over(each)
    edges = edges_of(run, needs)
    if over is not None:
        edges = _mapped(called, edges, over)
    return Node(
        name=called,
        run=run,
        edges=edges,
        policy=policy,
        when=as_condition(when),
        output=output_of(run),
        context=context_of(run),
        each=over,
    )


def _mapped(name: str, edges: tuple[Edge, ...], each: Each) -> tuple[Edge, ...]:
    """The edges, those of mapped parameters leading from what they are mapped over."""
    known = [edge.parameter for edge in edges]
    wrong = [
        f"{name!r} has no parameter {one!r}{nearest(one, known)}"
        for one in each.over
        if one not in known
    ]
    if wrong:
        raise GraphError(wrong, phase="declare")
    return tuple(replace(e, node=each.over.get(e.parameter, e.node)) for e in edges)
