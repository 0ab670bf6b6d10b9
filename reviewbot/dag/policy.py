"""Policy as data: how long, how often, who else, in which order and with which resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self


class Jitter(StrEnum):
    """How a delay is spread so that many clients do not come back at the same instant."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again, on named errors only.

    `on` has no default: who does not know which errors pass must not retry them. A timeout of an
    attempt is a `TimeoutError`. `base` and `max` are seconds. Full jitter draws uniformly between
    zero and the delay: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    An error that carries `retry_after` (seconds) is never retried sooner than that.

    Raises:
        ValueError: a number that cannot be meant (fewer than one attempt, a shrinking factor).
    """

    on: tuple[type[Exception], ...]
    attempts: int = 3
    base: float = 1.0
    factor: float = 2.0
    max: float = 30.0
    jitter: Jitter = Jitter.FULL

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.base < 0 or self.factor < 1 or self.max < 0:
            raise ValueError(f"a retry needs attempts >= 1, base and max >= 0, factor >= 1: {self}")

    def delay(self, failed: int, error: Exception, random: Callable[[], float]) -> float:
        """Seconds to wait after attempt number `failed` (1, 2, ...) ended with `error`.

        min(max, base * factor ** (failed - 1)), jittered, but at least the error's `retry_after`.
        """
        # The exponent is capped because a float power overflows long before `max` stops mattering.
        ceiling = min(self.max, self.base * self.factor ** min(failed - 1, 64))
        drawn = ceiling * random() if self.jitter is Jitter.FULL else ceiling
        return max(drawn, float(getattr(error, "retry_after", None) or 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What stands in when nobody could answer: a `value`, or `make(error)` called for one."""

    value: Any = None
    make: Callable[[Exception], Any] | None = None

    def answer(self, error: Exception) -> Any:  # noqa: ANN401 - the engine does not know the type
        """The substitute for the answer that `error` prevented."""
        return self.value if self.make is None else self.make(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Another callable, with the same inputs and the same output, that answers instead."""

    name: str
    run: Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one node is run. A field left at its default is inherited (`merged`).

    `timeout` (seconds) bounds each attempt, `total` all attempts, delays and backups together;
    `math.inf` says "none" where a default says otherwise. After the retries come the `backups`, in
    order, then the `fallback`. Higher `priority` starts first. `resources` are amounts taken from
    the run's limits while the node works; names in `exclusive` are locks. `check` looks at the
    value: a message it returns makes the attempt a failure.
    """

    timeout: float | None = None
    total: float | None = None
    retry: Retry | None = None
    fallback: Fallback | None = None
    backups: tuple[Backup, ...] = ()
    priority: int = 0
    resources: Mapping[str, float] = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()
    check: Callable[[Any], str | None] | None = None

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
