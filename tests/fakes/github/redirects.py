"""Repositories by number, and repositories that had another name."""

import re
from collections.abc import Mapping
from dataclasses import replace

from tests.fakes.github.call import Call
from tests.fakes.github.hub import Hub
from tests.fakes.github.values import Refusal, Request

_NUMBERED = re.compile(r"/repositories/(\d+)(?=/|$)")


def with_name(hub: Hub, request: Request) -> Request:
    """A request that names the repository by its number, by its name."""
    found = _NUMBERED.match(request.path)
    if found is None:
        return request
    for repository in hub.state.repositories.values():
        if repository.id == int(found[1]):
            rest = request.path[found.end() :]
            return replace(request, path=f"/repos/{repository.full_name}{rest}")
    return request


def moved(hub: Hub, request: Request, names: Mapping[str, str]) -> None:
    """Send who uses an old name to the new one: 301 for reading, 307 for writing."""
    if "repo" not in names:
        return
    name = f"{names['owner']}/{names['repo']}"
    found = hub.state.named_before(name)
    if found is None or hub.state.at(name) is not None:
        return
    rest = request.path.removeprefix(f"/repos/{name}")
    status = 301 if request.verb == "GET" else 307
    location = f"{hub.api_url}/repositories/{found.id}{rest}"
    raise Refusal(status, "Moved Permanently", headers={"location": location})


def numbered(hub: Hub, call: Call) -> str:
    """The address of a list as links have it: with the number of the repository."""
    names, path = call.names, call.request.path
    if "repo" in names:
        name = f"/repos/{names['owner']}/{names['repo']}"
        path = path.replace(name, f"/repositories/{call.repository.id}", 1)
    return hub.api_url + path
