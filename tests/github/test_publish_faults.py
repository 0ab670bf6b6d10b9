"""Every kind of fault at every call of a publication, before and after its effect, on loopback.

After the fault comes a run on a fine day: then everything stands, and stands once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import anyio
import pytest

from reviewbot.github.intents import SqliteIntents
from reviewbot.github.patience import Patience
from reviewbot.github.publish import Publisher
from reviewbot.github.pull import read_pull_request
from reviewbot.review.actions import (
    Action,
    Anchor,
    InlineComment,
    Receipt,
    SubmitReview,
    WriteSummary,
)
from reviewbot.review.marker import Kind, Marker, key_of, marker_line
from reviewbot.review.pull_request import PullRequest
from tests.fakes.forge import publication
from tests.fakes.github.faults import FAULTS
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.github.doors import door, reader

PATIENCE = Patience(settle=(0.0, 0.02), first=0.001, call=0.4)
READS = ("pulls/get", "pulls/list-reviews", "issues/list-comments", "checks/list-for-ref")
WRITES = ("pulls/create-review", "issues/create-comment", "checks/create", "checks/update")
UNSURE = (
    "reset",
    "short body",
    "drip",
    "late",
    "truncated json",
    "200 html",
    "200 empty list",
    "200 empty",
    "200 without id",
    "202",
    "204",
    "422",
    "429 retry after",
    "500",
    "502 html",
    "503",
)
"""After these a write may have landed; 422 says that it did not, and was seen to lie."""

CALLS = [
    *((each, False) for each in READS),
    *((each, landed) for each in WRITES for landed in (False, True)),
]
KINDS = ("review", "comment", "summary", "check")
STANDS = {"done", "unchanged", "degraded"}


def opened(hub: Hub) -> Opened:
    hub.drip_seconds, hub.late_seconds = 0.02, 0.5
    limits = hub.state.limits
    limits.points_per_minute = limits.content_per_minute = limits.per_hour = 10**6
    return open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\ny = 3\n"})


def marked(pull: PullRequest, kind: Kind, text: str) -> tuple[str, str]:
    head = pull.head if kind == "review" else ""
    key = key_of(pull.repository_id, pull.number, kind, head)
    return key, marker_line(Marker(kind=kind, key=key, head=pull.head)) + f"\n\n{text}"


def steps(pull: PullRequest) -> Sequence[Action]:
    key, body = marked(pull, "review", "blocked")
    comment = InlineComment(
        key="1" * 16,
        anchor=Anchor(path="a.py", line=2),
        body=publication.marked("comment", "the finding", key="1" * 16, head=pull.head),
    )
    said = SubmitReview(
        key=key,
        event="REQUEST_CHANGES",
        commit=pull.head,
        body=body,
        whole_body=f"{body}\n\nthe finding",
        comments=(comment,),
    )
    key, body = marked(pull, "summary", "the summary")
    told = WriteSummary(key=key, body=body)
    key = key_of(pull.repository_id, pull.number, "check", pull.head)
    return said, told, replace(publication.check(60), key=key, head=pull.head)


async def published(hub: Hub, token: str, seconds: float = 4.0) -> tuple[Receipt, ...]:
    pull = await read_pull_request(reader(hub, token), "demo/shapes", 1)
    publisher = Publisher(
        door(hub, token),
        pull,
        own_id=hub.state.user("github-actions[bot]").id,
        deadline=anyio.current_time() + seconds,
        intents=SqliteIntents(),
        patience=PATIENCE,
    )
    return await publisher.perform(steps(pull))


def standing(pull: Opened) -> dict[str, int]:
    everything = pull.repository
    return {
        "SubmitReview": len(everything.reviews),
        "WriteSummary": len(everything.comments),
        "WriteCheck": len(everything.check_runs),
    }


def is_true(receipt: Receipt, there: int) -> bool:
    """What is done stands once, what is refused does not stand; of the rest nothing is said."""
    if receipt.action == "WriteCheck" and receipt.status == "refused":
        return there <= 1  # it may have been made, and its second half refused
    wanted = {"refused": 0, "unknown": there}.get(receipt.status, 1)
    return there == wanted


def fresh(hub: Hub, pull: Opened) -> None:
    """As if nothing had been written or gone wrong yet."""
    there = pull.repository
    for each in (there.reviews, there.review_comments, there.comments, there.check_runs):
        each.clear()
    hub.faults = type(hub.faults)()


def wrongs(hub: Hub, pull: Opened) -> Iterator[object]:
    """What is wrong after a run that met a fault, and after one on a fine day that follows."""
    token = hub.actions_token()
    told = anyio.run(published, hub, token)
    there = standing(pull)
    yield from (each for each in told if not is_true(each, there[each.action]))
    again = anyio.run(published, hub, token)
    yield from (("again", each) for each in again if each.status not in STANDS)
    counts = hub.by_key()
    yield from ((key, count) for key, count in counts.items() if count != 1)
    missing = {*KINDS} - {key[0] for key in counts}
    if missing and not (missing == {"comment"} and "the finding" in " ".join(hub.bodies())):
        yield "missing", missing
    made = [len(each.annotations) for each in pull.repository.check_runs.values()]
    if made != [60]:
        yield "annotations", made


@pytest.mark.feature("G28", "R13")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("operation", "landed"), CALLS)
def test_any_fault_at_any_call(hub: Hub, operation: str, *, landed: bool) -> None:
    pull = opened(hub)
    found = []
    for name in UNSURE if landed else FAULTS:
        if name.startswith("page ") and not operation.startswith(("pulls/list", "issues/list")):
            continue
        fresh(hub, pull)
        hub.fault(operation, name, attempt=1 + (operation == "pulls/get"), landed=landed)
        found += [f"{name}: {each}" for each in wrongs(hub, pull)]
    assert not found, "\n".join(found)
