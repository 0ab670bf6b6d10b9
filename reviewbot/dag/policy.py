"""Policy as data: how long, how often, who else, at what price, in which order.

Functions in a policy are plain: they are called in the event loop and have to answer at once. One
that is a coroutine function is a ValueError where it is stated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self, TypeAlias

from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.retry import Retry, at_once

Amounts: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What stands in when nobody could answer: a `value`, or `make(error)` called for one."""

    value: Any = None
    make: Callable[[Exception], Any] | None = None

    def __post_init__(self) -> None:
        at_once(self.make, "a fallback")

    def answer(self, error: Exception) -> Any:  # noqa: ANN401 - the engine does not know the type
        """The substitute for the answer that `error` prevented."""
        return self.value if self.make is None else self.make(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Stop calling what keeps failing (Nygard, Release It!, "Circuit Breaker").

    All nodes of a run that name one `key` share its state. After `failures` errors in a row of the
    types in `on` it opens: attempts are refused without a call. After `cooldown` seconds one
    attempt is let through as a probe; its success closes the breaker, its failure opens it again.
    What was refused is not tried again: backups follow, then the fallback.

    Raises:
        ValueError: a number that cannot be meant.
    """

    key: str
    failures: int = 5
    cooldown: float = 30.0
    on: tuple[type[Exception], ...] = (Exception,)

    def __post_init__(self) -> None:
        if self.failures < 1 or self.cooldown < 0:
            raise ValueError(f"a breaker needs failures >= 1 and cooldown >= 0: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one attempt may use of the run's budgets, e.g. `{"usd": 0.02, "tokens": 4000}`.

    `estimate` is that, or a function of the node's arguments that gives it. It is reserved before
    the attempt and settled after it, however it ended: at what the node told its Context, and for
    what it did not tell at the estimate. What it uses beyond the estimate is charged in full.
    """

    estimate: Amounts | Callable[..., Amounts]

    def __post_init__(self) -> None:
        if callable(self.estimate):
            at_once(self.estimate, "an estimate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Another callable, with the same inputs and the same output, that answers instead.

    The node's timeout, retry and invariants are its too; a breaker and a cost are its own.
    """

    name: str
    run: Callable[..., Any]
    breaker: Breaker | None = None
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """Take the value from the run's cache when the same work on the same content was done before.

    The key is the node's code, `version`, and the content of its arguments; `key` gives another
    text for the arguments, where not all of their content matters.
    """

    version: str = ""
    key: Callable[[Mapping[str, Any]], str] | None = None

    def __post_init__(self) -> None:
        at_once(self.key, "a key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A named promise about a node's value.

    `holds` gives True or None when it is kept; False, or a text that says what is wrong, makes the
    attempt a failure that names the invariant.
    """

    name: str
    holds: Callable[[Any], bool | str | None]

    def __post_init__(self) -> None:
        at_once(self.holds, "an invariant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one node is run. A field left at its default is inherited (`merged`).

    `timeout` (seconds) bounds each attempt, `total` all attempts, delays and backups together;
    `math.inf` says "none" where a default says otherwise. After the retries come the `backups`, in
    order, then the `fallback`. `classify` says what kind of failure an error is (default: what the
    error says of itself), and `routes` how a kind is answered, over `failure.ROUTES`. Waiting for
    room in the budgets before the first attempt is no part of `total`. Higher
    `priority` starts first. `resources` are amounts taken from the run's limits while the node
    works; names in `exclusive` are locks: what the node writes, for example.
    """

    timeout: float | None = None
    total: float | None = None
    retry: Retry | None = None
    fallback: Fallback | None = None
    backups: tuple[Backup, ...] = ()
    breaker: Breaker | None = None
    classify: Callable[[Exception], FailureKind | None] | None = None
    routes: Mapping[FailureKind, Route] = field(default_factory=dict)
    cost: Cost | None = None
    cache: Cache | None = None
    priority: int = 0
    resources: Amounts = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()
    invariants: tuple[Invariant, ...] = ()

    def __post_init__(self) -> None:
        at_once(self.classify, "classify")

    def merged(self, over: Self) -> Self:
        """These defaults with every field that `over` sets replaced by its value."""
        plain = type(self)()
        chosen = {
            part.name: getattr(over, part.name)
            for part in fields(self)
            if getattr(over, part.name) != getattr(plain, part.name)
        }
        return replace(self, **chosen)


DEFAULT = Policy()
