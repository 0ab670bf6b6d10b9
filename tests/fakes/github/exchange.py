"""One request to one answer, both held against the description."""

import threading
import traceback
from collections.abc import Iterator

from tests.fakes.github.descriptions import VERSIONS
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.hub import Hub
from tests.fakes.github.operations import route_of
from tests.fakes.github.performing import VERSION, Found, perform
from tests.fakes.github.redirects import with_name
from tests.fakes.github.spoiling import Sent, log, spoiled
from tests.fakes.github.validation import request_complaints, response_complaints
from tests.fakes.github.values import Refusal, Reply, Request

_ONE_AT_A_TIME = threading.Lock()


def answer(hub: Hub, request: Request) -> Sent:
    """The answer to a request; everything it changes is changed when this returns."""
    request = with_name(hub, request)
    found = route_of(request.verb, request.path)
    entry = log(hub, request, found[0].operation if found else "")
    with _ONE_AT_A_TIME:
        wrong = list(_request_violations(request, found))
        hub.violations += wrong
        return spoiled(hub, entry, lambda asked: _performed(hub, asked, found, invalid=bool(wrong)))


def _performed(hub: Hub, request: Request, found: Found | None, *, invalid: bool) -> Reply:
    """The right answer; what is wrong with it is written down."""
    try:
        reply = perform(hub, request, found, invalid=invalid)
    except Exception:  # noqa: BLE001 — whatever it is, the test that met it must fail
        hub.violations.append(traceback.format_exc())
        return Refusal(500, "Server Error").reply
    if reply.status == 400:
        hub.violations.append(f"{request.verb} {request.path}: {reply.body['message']}")
    elif found is not None:
        hub.violations += response_complaints(_exchange(request, found, reply))
    return reply


def _request_violations(request: Request, found: Found | None) -> Iterator[str]:
    if found is None:
        yield f"{request.verb} {request.path}: not an operation we know"
        return
    route, _ = found
    said = request.headers.get(VERSION)
    if said not in VERSIONS and route.operation != "graphql":
        yield f"{request.verb} {request.path}: {VERSION} is {said}"
    yield from request_complaints(_exchange(request, found, Reply()))


def _exchange(request: Request, found: Found, reply: Reply) -> Exchange:
    route, names = found
    said = request.headers.get(VERSION)
    return Exchange(
        operation=route.operation,
        template=route.template,
        names=names,
        version=said if said in VERSIONS else VERSIONS[0],
        request=request,
        reply=reply,
    )
