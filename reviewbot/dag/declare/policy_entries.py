"""The form of a policy in a document, as frozen values; what was not written is None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from reviewbot.dag.declare.forms import (
    Amounts,
    Answer,
    Count,
    Factor,
    Kind,
    Limit,
    Seconds,
    Spread,
    Whole,
    Word,
    keyed,
    short,
)

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryEntry:
    """When to try again.

    Attributes:
        attempts: how often in all.
        on: errors by name, or kinds of failure such as `transient`.
        base: seconds before the second attempt.
        factor: by which every further wait is longer.
        max: seconds that no wait is longer than.
        jitter: how waits are spread.
        on_retry: the function that is asked before every further attempt.
    """

    attempts: Count | None = None
    on: tuple[Word, ...] | None = None
    base: Seconds | None = None
    factor: Factor | None = None
    max: Seconds | None = None
    jitter: Spread | None = None
    on_retry: Word | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackEntry:
    """What stands in when nobody could answer: a value, or a function that makes one."""

    value: Any = None
    make: Word | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerEntry:
    """Stop calling what keeps failing.

    Attributes:
        key: shared by all nodes that name it.
        failures: errors in a row that open it.
        cooldown: seconds before it is tried again.
        on: errors by name; all when none are named.
    """

    key: Word
    failures: Count | None = None
    cooldown: Seconds | None = None
    on: tuple[Word, ...] | None = None

    __pydantic_config__ = _STRICT


def _optional_retry(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    return {"attempts": 1, "on": []} if given in ("none", False) else given


def _fallback(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    is_long = isinstance(given, dict) and len(given) == 1 and set(given) <= {"value", "make"}
    return given if is_long else {"value": given}


def _cache(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    return {} if given is True else {"version": given} if isinstance(given, str) else given


def _cost(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    if isinstance(given, str):
        return {"function": given}
    is_short = isinstance(given, dict) and not set(given) & {"estimate", "function"}
    return {"estimate": given} if is_short else given


Retrying: TypeAlias = Annotated[RetryEntry, short(_optional_retry, RetryEntry | Literal["none"])]
Standing: TypeAlias = Annotated[FallbackEntry, short(_fallback, Any)]
Breaking: TypeAlias = Annotated[BreakerEntry, short(keyed("key"), BreakerEntry | str)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupEntry:
    """Who answers instead: a kind of node, what it is called, and constants of its own."""

    use: Word
    name: Word | None = None
    constants: Annotated[Mapping[str, Any] | None, Field(alias="with")] = None
    breaker: Breaking | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyEntry:
    """What kind of failure an error is: a function, or error names and their kinds."""

    function: Word | None = None
    kinds: Mapping[Word, Kind] | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEntry:
    """What one attempt may use: amounts, or a function of the arguments that gives them."""

    estimate: Amounts | None = None
    function: Word | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """Keep values between runs: a version, and a function that gives the key of the arguments."""

    version: str | None = None
    key: Word | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantEntry:
    """A promise about the value: a function of that name, or an expression over `value`."""

    name: Word
    holds: Word | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """How a node is run; what is not written is inherited.

    Attributes:
        timeout: for each attempt; `none` where a default says otherwise.
        total: for all attempts, waits and backups together.
        routes: how a kind of failure is answered.
        priority: higher starts first.
        resources: taken from the limits of the run.
        exclusive: locks; no two nodes hold one at the same time.
    """

    timeout: Limit | None = None
    total: Limit | None = None
    retry: Retrying | None = None
    fallback: Standing | None = None
    backups: tuple[Annotated[BackupEntry, short(keyed("use"), BackupEntry | str)], ...] | None = (
        None
    )
    breaker: Breaking | None = None
    classify: Annotated[ClassifyEntry, short(keyed("function"), ClassifyEntry | str)] | None = None
    routes: Mapping[Kind, Answer] | None = None
    cost: Annotated[CostEntry, short(_cost, CostEntry | Amounts | str)] | None = None
    cache: Annotated[CacheEntry, short(_cache, CacheEntry | Literal[True] | str)] | None = None
    priority: Whole | None = None
    resources: Amounts | None = None
    exclusive: tuple[Word, ...] | None = None
    invariants: (
        tuple[Annotated[InvariantEntry, short(keyed("name"), InvariantEntry | str)], ...] | None
    ) = None

    __pydantic_config__ = _STRICT
