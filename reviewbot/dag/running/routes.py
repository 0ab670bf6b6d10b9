"""What follows a failed attempt: its kind, the route of that kind, and whether to try again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reviewbot.dag.error import nearest
from reviewbot.dag.failure import ROUTES, FailureKind, Route, kind_of
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Answer, Continue, Replace, Retry, Stop, Tried
from reviewbot.dag.running.breaker import BreakerOpenError
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.error import PolicyError, describe
from reviewbot.dag.running.ledger import BudgetError

_MORE = frozenset({Route.USUAL, Route.RETRY, Route.REPAIR, Route.REROUTE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The kind of an error, None for what is no failure of the node's, and how it is answered."""

    kind: FailureKind | None
    route: Route

    @property
    def may_reroute(self) -> bool:
        """Whether the backups may be asked."""
        return self.route in _MORE

    @property
    def may_fall_back(self) -> bool:
        """Whether the fallback may stand in."""
        return self.route in _MORE or self.route is Route.FALL_BACK


UNJUDGED = Judgement(None, Route.USUAL)
"""Nothing has failed."""


def judged(policy: Policy, error: Exception, warn: Callable[[str], None]) -> Judgement:
    """What kind of failure the policy says this is, and its route.

    What was refused without a call is never tried again, whatever its kind.
    """
    if isinstance(error, RunEndedError):
        return Judgement(None, Route.FAIL)
    if isinstance(error, (BreakerOpenError, BudgetError)):
        return Judgement(error.failure_kind, Route.REROUTE)
    kind = _kind(policy, error, warn)
    return Judgement(kind, policy.routes.get(kind, ROUTES[kind]))


def _kind(policy: Policy, error: Exception, warn: Callable[[str], None]) -> FailureKind:
    try:
        kind: object = None
        if policy.classify is not None and not isinstance(error, PolicyError):
            kind = policy.classify(error)
        if kind is None:
            kind = kind_of(error)
    except Exception as second:  # noqa: BLE001 - the wall of a node
        warn(f"the kind of {describe(error)} is unknown: asking for it raised {describe(second)}")
        return FailureKind.UNKNOWN
    if isinstance(kind, FailureKind):
        return kind
    warn(f"the kind of {describe(error)} is unknown: {kind!r} is no FailureKind")
    return FailureKind.UNKNOWN


def may_retry(retry: Retry, route: Route, number: int, error: Exception) -> bool:
    """Whether the policy allows an attempt after attempt `number` failed with `error`."""
    if number >= retry.attempts:
        return False
    if route is Route.USUAL:
        return isinstance(error, retry.on)
    return route is Route.RETRY or (route is Route.REPAIR and retry.on_retry is not None)


@dataclass(frozen=True, slots=True)
class Next:
    """Whether to try again, with which arguments replaced; `why` not, if there is more to say."""

    again: bool
    replaced: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


def asked(retry: Retry, route: Route, tried: Tried) -> Next:
    """What the retry hook, if there is one, makes of a further attempt.

    Raises:
        PolicyError: the hook raised, gave no Answer, or replaced what is no argument.
    """
    if retry.on_retry is None:
        return Next(again=True)
    match _answer(retry.on_retry, tried):
        case Stop(reason):
            return Next(again=False, why=f"stopped: {reason}" if reason else "stopped")
        case Replace(arguments):
            _check_names(arguments, tried)
            return Next(again=True, replaced=arguments)
        case _:
            return Next(again=route is not Route.REPAIR)


def _answer(hook: Callable[[Tried], Answer], tried: Tried) -> Answer:
    try:
        answer: object = hook(tried)
    except Exception as error:
        raise PolicyError(
            f"the retry hook raised {describe(error)} after {describe(tried.error)}"
        ) from error
    if isinstance(answer, (Continue, Stop, Replace)):
        return answer
    raise PolicyError(f"the retry hook gave {type(answer).__name__}, not Continue, Stop or Replace")


def _check_names(arguments: Mapping[str, Any], tried: Tried) -> None:
    for name in arguments:
        if name not in tried.arguments:
            raise PolicyError(
                f"the retry hook replaced {name!r}, which is no argument"
                f"{nearest(name, tried.arguments)}"
            )
