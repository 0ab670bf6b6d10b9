"""One request to one answer: routed, permitted, counted, answered, and checked."""

import hashlib
import time

from tests.fakes.github.call import Call
from tests.fakes.github.descriptions import VERSIONS
from tests.fakes.github.hub import Hub
from tests.fakes.github.listing import Listing
from tests.fakes.github.log import Entry
from tests.fakes.github.operations import ANSWERS, Route, route_of
from tests.fakes.github.rules import limits
from tests.fakes.github.rules.access import permitted, token_of
from tests.fakes.github.state import Token
from tests.fakes.github.values import Refusal, Reply, Request, not_found

_VERSION = "x-github-api-version"


def answer(hub: Hub, request: Request) -> Reply:
    """The answer to a request; everything it changes is changed when this returns."""
    found = route_of(request.verb, request.path)
    entry = Entry(
        at=time.monotonic(), request=request, operation=found[0].operation if found else ""
    )
    hub.log.entries.append(entry)
    for hook in [each for each in hub.hooks if each.operation == entry.operation]:
        if len(hub.log.of(entry.operation)) == hook.nth:
            hook.do()
    reply = _answered(hub, request, found)
    entry.status = reply.status
    return reply


def _answered(hub: Hub, request: Request, found: tuple[Route, object] | None) -> Reply:
    token: Token | None = None
    try:
        token = token_of(hub.state, request)
        if found is None:
            raise not_found()
        route, names = found
        assert isinstance(names, dict)
        limits.count(hub.state, token, route.operation, request)
        version = _version(hub, request)
        call = Call(
            operation=route.operation,
            names=names,
            request=request,
            state=hub.state,
            shapes=hub.shapes(version),
            token=token,
        )
        permitted(call)
        made = ANSWERS[route.operation](call)
        reply = made.page(request, _numbered(hub, call)) if isinstance(made, Listing) else made
        reply = _tagged(request, reply)
        limits.refund(hub.state, token, reply)
        reply = reply.with_headers({"x-github-api-version-selected": version})
    except Refusal as refused:
        reply = refused.reply
    return reply.with_headers(limits.headers(hub.state, token))


def _version(hub: Hub, request: Request) -> str:
    said = request.headers.get(_VERSION)
    if said is None:
        hub.violations.append(f"{request.verb} {request.path}: no {_VERSION}")
        return VERSIONS[0]
    if said not in VERSIONS:
        raise Refusal(400, f"{said} is not a supported version")
    return said


def _numbered(hub: Hub, call: Call) -> str:
    """The address of a list as links have it: with the number of the repository."""
    names = call.names
    path = call.request.path
    if "repo" in names:
        path = path.replace(
            f"/repos/{names['owner']}/{names['repo']}", f"/repositories/{call.repository.id}", 1
        )
    return hub.api_url + path


def _tagged(request: Request, reply: Reply) -> Reply:
    """304 for who has it already."""
    if request.verb != "GET" or reply.status != 200:
        return reply
    tag = f'W/"{hashlib.sha256(reply.encoded()).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Reply(status=304, headers={"etag": tag})
    return reply.with_headers({"etag": tag})
