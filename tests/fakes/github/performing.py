"""The right answer to a request, and what GitHub says around it."""

import hashlib
from collections.abc import Mapping

from tests.fakes.github.call import Call
from tests.fakes.github.descriptions import VERSIONS
from tests.fakes.github.hub import Hub
from tests.fakes.github.listing import Listing
from tests.fakes.github.operations import ANSWERS, Route
from tests.fakes.github.redirects import moved, numbered
from tests.fakes.github.rules import limits
from tests.fakes.github.rules.access import permitted, token_of
from tests.fakes.github.state import Token
from tests.fakes.github.values import Refusal, Reply, Request, not_found

VERSION = "x-github-api-version"
Found = tuple[Route, Mapping[str, str]]


def perform(hub: Hub, request: Request, found: Found | None, *, invalid: bool) -> Reply:
    """Do what is asked, or refuse it with GitHub's words."""
    token: Token | None = None
    try:
        token = token_of(hub.state, request)
        if found is None:
            return not_found().reply
        limits.count(hub.state, token, found[0].operation, request)
        reply = _performed(hub, request, found, token, invalid=invalid)
        limits.refund(hub.state, token, reply)
    except Refusal as refused:
        reply = refused.reply
    named = {"x-github-request-id": f"{len(hub.log):04X}:{hub.epoch:04X}"}
    return reply.with_headers(limits.headers(hub.state, token) | named)


def _performed(
    hub: Hub, request: Request, found: Found, token: Token | None, *, invalid: bool
) -> Reply:
    route, names = found
    version = request.headers.get(VERSION, VERSIONS[0])
    if version not in VERSIONS:
        raise Refusal(400, f"{version} is not a supported version")
    moved(hub, request, names)
    call = Call(
        operation=route.operation,
        names=names,
        request=request,
        state=hub.state,
        shapes=hub.shapes(version),
        token=token,
        blobs=hub.blobs,
    )
    permitted(call)
    if invalid:
        call.check_body()
    made = ANSWERS[route.operation](call)
    reply = made.page(request, numbered(hub, call)) if isinstance(made, Listing) else made
    return _tagged(request, reply).with_headers({"x-github-api-version-selected": version})


def _tagged(request: Request, reply: Reply) -> Reply:
    """304 for who has it already."""
    if request.verb != "GET" or reply.status != 200:
        return reply
    tag = f'W/"{hashlib.sha256(reply.encoded()).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Reply(status=304, headers={"etag": tag})
    return reply.with_headers({"etag": tag})
