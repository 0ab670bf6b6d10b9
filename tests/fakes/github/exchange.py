"""One request to one answer: routed, permitted, counted, answered, spoiled, and checked."""

import hashlib
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tests.fakes.github.call import Call
from tests.fakes.github.descriptions import VERSIONS
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.faults import ELSEWHERE, HERE, Planned, Wire
from tests.fakes.github.hub import Hub, Late
from tests.fakes.github.listing import Listing
from tests.fakes.github.log import Entry
from tests.fakes.github.operations import ANSWERS, Route, route_of
from tests.fakes.github.redirects import moved, numbered, with_name
from tests.fakes.github.rules import limits
from tests.fakes.github.rules.access import permitted, token_of
from tests.fakes.github.state import Token
from tests.fakes.github.validation import request_complaints, response_complaints
from tests.fakes.github.values import Refusal, Reply, Request, not_found

_VERSION = "x-github-api-version"
_ONE_AT_A_TIME = threading.Lock()
Found = tuple[Route, Mapping[str, str]]
Answered = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer, and what is to become of its connection."""

    reply: Reply
    wire: Wire = ""


def answer(hub: Hub, request: Request) -> Sent:
    """The answer to a request; everything it changes is changed when this returns."""
    request = with_name(hub, request)
    found = route_of(request.verb, request.path)
    entry = log(hub, request, found[0].operation if found else "")
    with _ONE_AT_A_TIME:
        return spoiled(hub, entry, lambda asked: _checked(hub, asked, found))


def log(hub: Hub, request: Request, operation: str) -> Entry:
    """Write a request down and do what was to be done before it."""
    entry = hub.log.add(request, operation)
    for hook in [h for h in hub.hooks if h.operation == operation and h.nth == entry.nth]:
        hook.do()
    return entry


def spoiled(hub: Hub, entry: Entry, answered: Answered) -> Sent:
    """The answer with the fault that was planned for it."""
    for late in [each for each in hub.pending if each.due <= len(hub.log)]:
        hub.pending.remove(late)
        late.do()
    planned = hub.faults.at(entry.operation, entry.nth, entry.request.verb)
    if planned is None:
        reply = answered(entry.request)
        entry.status = reply.status
        return Sent(reply)
    entry.fault = planned.name
    reply = _turned(hub, entry.request, planned, answered)
    headers = {
        name: value.replace(HERE, hub.api_url + entry.request.path).replace(ELSEWHERE, hub.blobs)
        for name, value in reply.headers.items()
    }
    entry.status = None if planned.fault.wire == "reset" else reply.status
    return Sent(replace(reply, headers=headers), planned.fault.wire)


def _turned(hub: Hub, request: Request, planned: Planned, answered: Answered) -> Reply:
    fault = planned.fault
    reads = request.verb == "GET"
    if fault.of_lists and not reads:
        return answered(request)
    if fault.turns:
        page = max(1, int(request.query.get("page", "1")) + fault.turns)
        other = answered(replace(request, query={**request.query, "page": str(page)}))
        return replace(other, headers=answered(request).headers) if fault.turns < 0 else other
    if planned.late_by:
        hub.pending.append(Late(len(hub.log) + planned.late_by, lambda: answered(request)))
        return fault.before_effect()
    landed = planned.landed or (fault.lies and reads)
    return fault.spoil(answered(request)) if landed else fault.before_effect()


def _checked(hub: Hub, request: Request, found: Found | None) -> Reply:
    """The right answer; what is wrong with it or with the request is written down."""
    if found is None:
        hub.violations.append(f"{request.verb} {request.path}: not an operation we know")
    wrong = list(_request_violations(request, found))
    hub.violations += wrong
    try:
        reply = _answered(hub, request, found, invalid=bool(wrong))
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
        return
    route, _ = found
    said = request.headers.get(_VERSION)
    if said not in VERSIONS and route.operation != "graphql":
        yield f"{request.verb} {request.path}: {_VERSION} is {said}"
    yield from request_complaints(_exchange(request, found, Reply()))


def _exchange(request: Request, found: Found, reply: Reply) -> Exchange:
    route, names = found
    said = request.headers.get(_VERSION)
    return Exchange(
        operation=route.operation,
        template=route.template,
        names=names,
        version=said if said in VERSIONS else VERSIONS[0],
        request=request,
        reply=reply,
    )


def _answered(hub: Hub, request: Request, found: Found | None, *, invalid: bool) -> Reply:
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
    version = request.headers.get(_VERSION, VERSIONS[0])
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
