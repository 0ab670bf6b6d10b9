"""Who one is, what the repository is, and how much of the hour is left."""

from tests.fakes.github.call import Call
from tests.fakes.github.rules.limits import resources
from tests.fakes.github.values import Json, Reply


def user(call: Call) -> Reply:
    made = call.shapes.example("private-user-response-with-public-profile-information")
    known = call.shapes.user(call.user)
    return Reply(body=made | known | {"user_view_type": "public", "name": None, "email": None})


def repository(call: Call) -> Reply:
    return Reply(body=call.shapes.repository(call.repository, whole=True))


def rate_limit(call: Call) -> Reply:
    core = resources(call.state, call.token)
    made = call.shapes.example("rate-limit-overview")
    made["resources"]["core"] = core
    changes: Json = {"rate": core} if "rate" in made else {}
    return Reply(body=made | changes)
