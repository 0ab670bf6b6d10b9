"""How a run is run: everything that is no part of the graph, as one frozen value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypedDict, Unpack

import anyio

from reviewbot.dag.policy import DEFAULT, Policy
from reviewbot.dag.running.breaker import Breakers
from reviewbot.dag.running.clock import SYSTEM, Clock
from reviewbot.dag.running.events import Event
from reviewbot.dag.running.record import Record, Values


class Changes(TypedDict, total=False):
    """The fields of Options, as keyword arguments."""

    name: str
    max_parallel: int | None
    limits: Mapping[str, float]
    budgets: Mapping[str, float]
    estimates: Mapping[str, float]
    defaults: Policy
    deadline: float | None
    grace: float
    seed: int | None
    shared: Mapping[str, Any]
    labels: Mapping[str, str]
    stop: anyio.Event | None
    clock: Clock
    random: Callable[[], float] | None
    on_event: Callable[[Event], None] | None
    record: Record | None
    values: Values | None
    breakers: Breakers | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of a run; all have a default, and none changes what a node is.

    `max_parallel` bounds how many nodes work at once, `limits` the sum of their resources,
    `budgets` what they may spend together. `estimates` are seconds by path and order the queue.
    `defaults` is laid under the policy of every node that is no subgraph. `deadline` is seconds
    for the whole run, `grace` seconds for what closes it. `seed` makes the jitter of retries
    repeatable; `random` replaces it. All nodes may read `shared` in their Context. `labels` are
    ids of inputs, from which those of items are made. A `stop` that is set ends the run early.
    `record` writes the run down, `values` are kept between runs, and `breakers` are shared with
    other runs of the same clock.
    """

    name: str = ""
    max_parallel: int | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    budgets: Mapping[str, float] = field(default_factory=dict)
    estimates: Mapping[str, float] = field(default_factory=dict)
    defaults: Policy = DEFAULT
    deadline: float | None = None
    grace: float = 30.0
    seed: int | None = None
    shared: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    stop: anyio.Event | None = None
    clock: Clock = SYSTEM
    random: Callable[[], float] | None = None
    on_event: Callable[[Event], None] | None = None
    record: Record | None = None
    values: Values | None = None
    breakers: Breakers | None = None

    def but(self, **changes: Unpack[Changes]) -> Self:
        """The same options with these changes.

        Raises:
            TypeError: there is no such option.
        """
        return replace(self, **changes)
