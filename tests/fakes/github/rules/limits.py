"""How often one may ask: GitHub's primary and secondary limits."""

import time

from tests.fakes.github.state import State, Token
from tests.fakes.github.values import Json, Refusal, Reply, Request

_HOUR = 3600
_MINUTE = 60
_INSTALLATION, _PERSON, _NOBODY = 1000, 5000, 60
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
CREATES_CONTENT = frozenset(
    {
        "pulls/create-review",
        "pulls/create-review-comment",
        "pulls/create-reply-for-review-comment",
        "pulls/submit-review",
        "issues/create",
        "issues/create-comment",
    }
)
FREE = frozenset({"rate-limit/get"})


def resources(state: State, token: Token | None) -> Json:
    """The counter of a token for this hour."""
    limit = _limit(state, token)
    used = state.used.get(_name(token), 0)
    return {"limit": limit, "used": used, "remaining": max(0, limit - used), "reset": _reset(state)}


def headers(state: State, token: Token | None) -> dict[str, str]:
    """What every answer says about the limit."""
    said = {f"x-ratelimit-{key}": str(value) for key, value in resources(state, token).items()}
    return said | {"x-ratelimit-resource": "core"}


def count(state: State, token: Token | None, operation: str, request: Request) -> None:
    """Count a request before it has an effect.

    Raises:
        Refusal: 403 when the hour's requests are used up; 403 with ``retry-after`` when too much
            came in a minute.
    """
    if operation in FREE:
        return
    name, at = _name(token), time.monotonic()
    state.used[name] = state.used.get(name, 0) + 1
    if state.used[name] > _limit(state, token):
        who = token.user.id if token else "127.0.0.1"
        raise Refusal(
            403, f"API rate limit exceeded for user ID {who}.", headers=headers(state, token)
        )
    creates = operation in CREATES_CONTENT
    state.points.append((at, 1 if request.verb == "GET" else 5, creates))
    minute = [each for each in state.points if at - each[0] < _MINUTE]
    hour = [each for each in state.points if at - each[0] < _HOUR]
    limits = state.limits
    if sum(points for _, points, _ in minute) > limits.points_per_minute or (
        creates
        and (
            sum(content for *_, content in minute) > limits.content_per_minute
            or sum(content for *_, content in hour) > limits.content_per_hour
        )
    ):
        raise Refusal(403, _SECONDARY, headers={"retry-after": str(_MINUTE)})


def refund(state: State, token: Token | None, reply: Reply) -> None:
    """What has not changed since the client last saw it is free."""
    if reply.status == 304:
        state.used[_name(token)] -= 1


def _name(token: Token | None) -> str:
    return token.text if token else ""


def _reset(state: State) -> int:
    return state.began + _HOUR


def _limit(state: State, token: Token | None) -> int:
    if token is None:
        return _NOBODY
    if not token.installation:
        return _PERSON
    return state.limits.per_hour or _INSTALLATION
