"""When to try again, how long to wait before it, and who may say otherwise."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any, TypeAlias

from reviewbot.dag.run import Attempt


def at_once(function: Callable[..., Any] | None, what: str) -> None:
    """See that a function of a policy gives its answer at once.

    Raises:
        ValueError: it is a coroutine function; nobody would await it.
    """
    if inspect.iscoroutinefunction(function):
        raise ValueError(f"{what} answers at once; {function!r} is a coroutine function")


class Jitter(StrEnum):
    """How a delay is spread so that many clients do not come back at the same instant."""

    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a retry hook is told: who failed with what, given which arguments.

    `retry_in` is the wait in seconds if it goes on.
    """

    node: str
    attempt: Attempt
    error: Exception
    arguments: Mapping[str, Any]
    retry_in: float


@dataclass(frozen=True, slots=True)
class Continue:
    """Try again as the policy says."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Try this callable no more; backups and the fallback still follow."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """Try again with these arguments in place of those of the same names."""

    arguments: Mapping[str, Any]


Answer: TypeAlias = Continue | Stop | Replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again, on named errors only.

    `on` has no default: who does not know which errors pass must not retry them. A timeout of an
    attempt is a `TimeoutError`. `base` and `max` are seconds. Full jitter draws uniformly between
    zero and the delay: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    An error that carries `retry_after` (seconds) is never retried sooner than that. `on_retry` is
    asked before every further attempt.

    Raises:
        ValueError: a number that cannot be meant (fewer than one attempt, a shrinking factor), or a
            hook that is a coroutine function.
    """

    on: tuple[type[Exception], ...]
    attempts: int = 3
    base: float = 1.0
    factor: float = 2.0
    max: float = 30.0
    jitter: Jitter = Jitter.FULL
    on_retry: Callable[[Tried], Answer] | None = None

    def __post_init__(self) -> None:
        at_once(self.on_retry, "a retry hook")
        if self.attempts < 1 or self.base < 0 or self.factor < 1 or self.max < 0:
            raise ValueError(f"a retry needs attempts >= 1, base and max >= 0, factor >= 1: {self}")

    def delay(self, failed: int, error: Exception, random: Callable[[], float]) -> float:
        """Seconds to wait after attempt number `failed` (1, 2, ...) ended with `error`.

        min(max, base * factor ** (failed - 1)), jittered, but at least the error's `retry_after`.
        """
        # The exponent is capped because a float power overflows long before `max` stops mattering.
        ceiling = min(self.max, self.base * self.factor ** min(failed - 1, 64))
        drawn = ceiling * random() if self.jitter is Jitter.FULL else ceiling
        return max(drawn, _wished(error))


def _wished(error: Exception) -> float:
    """The seconds an error asks to wait, 0 when it asks for nothing that can be meant."""
    try:
        seconds = float(getattr(error, "retry_after", None) or 0.0)
    except (TypeError, ValueError):
        return 0.0
    return seconds if isfinite(seconds) else 0.0
