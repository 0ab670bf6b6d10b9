"""What kind of failure an error is, and the one way each kind is answered."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FailureKind(StrEnum):
    """What went wrong, by what can be done about it.

    UNKNOWN is every error that nobody classified: it is a failure like any other, never a skip.
    """

    TRANSIENT = "transient"
    FIXABLE = "fixable"
    CONFIG = "config"
    NEEDS_REPLAN = "needs replan"
    ESCALATE = "escalate"
    FLAKY = "flaky"
    REGRESSION = "regression"
    NEW_FAILURE = "new failure"
    PLATFORM_SPECIFIC = "platform specific"
    TEST_BUG = "test bug"
    UNKNOWN = "unknown"


class Route(StrEnum):
    """How a failure is answered.

    RETRY: again as the policy's retry allows, on whatever error; then backups, then the fallback.
    REPAIR: the same, but only when the retry hook replaces the arguments. REROUTE: no further
    attempt; backups, then the fallback. FALL_BACK: the fallback at once. FAIL: nothing else is
    tried. SKIP: nothing else is tried, and the node ends as skipped. STOP: as FAIL, and the run
    ends early: only closing nodes still run. USUAL: a retry if the policy's retry names the error,
    then backups, then the fallback.
    """

    USUAL = "usual"
    RETRY = "retry"
    REPAIR = "repair"
    REROUTE = "reroute"
    FALL_BACK = "fall back"
    FAIL = "fail"
    SKIP = "skip"
    STOP = "stop"


ROUTES: Mapping[FailureKind, Route] = MappingProxyType(
    {
        FailureKind.TRANSIENT: Route.RETRY,
        FailureKind.FIXABLE: Route.REPAIR,
        FailureKind.CONFIG: Route.FAIL,
        FailureKind.NEEDS_REPLAN: Route.REROUTE,
        FailureKind.ESCALATE: Route.STOP,
        FailureKind.FLAKY: Route.RETRY,
        FailureKind.REGRESSION: Route.FAIL,
        FailureKind.NEW_FAILURE: Route.FAIL,
        FailureKind.PLATFORM_SPECIFIC: Route.REROUTE,
        FailureKind.TEST_BUG: Route.FALL_BACK,
        FailureKind.UNKNOWN: Route.USUAL,
    }
)
"""The route of each kind where a policy states no other."""


def kind_of(error: BaseException) -> FailureKind:
    """The kind an error says it is, by its attribute `failure_kind`; else UNKNOWN."""
    kind = getattr(error, "failure_kind", FailureKind.UNKNOWN)
    return kind if isinstance(kind, FailureKind) else FailureKind.UNKNOWN
