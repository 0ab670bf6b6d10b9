"""How long a text may be."""

from tests.fakes.github.state import State
from tests.fakes.github.values import Json, Refusal

_LONGEST = 65_536


def fits(state: State, body: str, resource: str) -> None:
    """Refuse a body that is too long, in characters or in bytes by the limits in force.

    The unit is not documented; who stays below in bytes is right in every reading.
    """
    long = len(body.encode()) if state.limits.count_bytes else len(body)
    if long <= _LONGEST:
        return
    said = "Body is too long (maximum is 65536 characters)"
    if resource == "PullRequestReview":
        raise Refusal(422, "Unprocessable Entity", errors=[said])
    error: Json = {"resource": resource, "code": "unprocessable", "field": "data", "message": said}
    if resource == "Issue":
        error |= {"code": "custom", "field": "body"}
    raise Refusal(422, "Validation Failed", errors=[error])


def required(body: Json, *names: str, resource: str) -> None:
    """Refuse a request that leaves out what it needs, or leaves it blank."""
    missing = [name for name in names if body.get(name) in (None, "")]
    if missing:
        errors = [{"resource": resource, "code": "missing_field", "field": n} for n in missing]
        raise Refusal(422, "Validation Failed", errors=errors)
