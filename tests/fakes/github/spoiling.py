"""An answer with the fault that was planned for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.fakes.github.faults import ELSEWHERE, HERE, Wire
from tests.fakes.github.hub import Hub, Late
from tests.fakes.github.log import Entry
from tests.fakes.github.plan import Planned
from tests.fakes.github.values import Reply, Request

Answered = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer, and what is to become of its connection."""

    reply: Reply
    wire: Wire = ""


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
