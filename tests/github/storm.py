"""Publishing in any weather: schedules of faults and events, and what has to hold after each.

``python -m tests.github.storm 100000 [seed]`` runs more of them than the suite does.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import trio
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from reviewbot.github.patience import Patience
from reviewbot.review.actions import Event, Receipt, SubmitReview
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import (
    HEAD,
    check,
    file_comment,
    issue,
    publisher,
    review,
    summary,
)
from tests.fakes.forge.weather import LOST, REFUSED, Fault
from tests.fakes.forge.world import BOT, World

PATIENCE = Patience()
SECONDS = 600.0
FINDINGS = ("first finding", "second finding")
_SETTLED = sum(PATIENCE.settle)

EVENTS: Mapping[str, Callable[[World], None]] = {
    "push": World.push,
    "close": lambda world: setattr(world, "state", "closed"),
    "lock": lambda world: setattr(world, "locked", True),
    "draft": lambda world: setattr(world, "draft", True),
    "retarget": lambda world: setattr(world, "base_ref", "release"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One course of the world."""

    event: Event
    faults: Mapping[int, Fault]
    happens: Mapping[int, str]
    is_own: bool = False
    actions_approve: bool = True
    verdicts: bool = True
    anchored: bool = True
    permits: frozenset[str] = frozenset({"pull_requests", "checks", "issues", "fold"})
    has_read: bool = False

    def world(self) -> World:
        """The world before anything happened."""
        return World(
            author=BOT if self.is_own else 7,
            actions_approve=self.actions_approve,
            verdicts=self.verdicts,
            lines={"a.py": frozenset({1, 2} if self.anchored else ())},
            permits=self.permits,
        )


lost = st.builds(
    Fault,
    st.sampled_from(sorted(LOST)),
    st.sampled_from(["none", "before", "late"]),
    st.floats(0.1, _SETTLED - 0.5),
)
refused = st.builds(Fault, st.sampled_from(sorted(REFUSED)))
refused_and_done = st.just(Fault("422", "before"))
events: st.SearchStrategy[Event] = st.sampled_from(["APPROVE", "COMMENT", "REQUEST_CHANGES"])
rarely = st.sampled_from([*[False] * 7, True])
mostly = rarely.map(lambda each: not each)
calls = st.sampled_from(range(9)) | st.integers(0, 20)
what = st.sampled_from(["push", *sorted(EVENTS)])
happenings = st.dictionaries(calls, what, min_size=1, max_size=2)
mishaps = st.dictionaries(calls, lost | refused | refused_and_done, min_size=1, max_size=6)
schedules = st.builds(
    Schedule,
    event=events,
    faults=mishaps | st.just({}),
    happens=happenings | st.just({}),
    is_own=rarely,
    actions_approve=mostly,
    verdicts=mostly,
    anchored=mostly,
    has_read=st.booleans(),
    permits=st.sets(st.sampled_from(["pull_requests", "checks", "issues", "fold"]), min_size=2).map(
        frozenset
    ),
)


@dataclass(slots=True)
class Ended:
    """What a run left behind."""

    forge: Forge
    receipts: tuple[Receipt, ...]
    reviewed_at: int
    newer_than: int
    took: float

    def receipt(self, action: str) -> Receipt:
        """The receipt of an action."""
        return next(each for each in self.receipts if each.action == action)

    def items(self) -> Counter[tuple[str, str]]:
        """How often each key stands there."""
        world = self.forge.world
        return Counter(
            (kind, each["body"].split(" key=")[1][:16])
            for kind in ("review", "comment", "summary", "issue")
            for each in world.by_key(kind)
        )


async def published(
    forge: Forge, steps: tuple[SubmitReview, ...], *, has_read: bool = False
) -> Ended:
    """One run, and all that was still on its way when it ended."""
    start, newest = trio.current_time(), forge.world.numbers
    writer = publisher(
        forge,
        analysed=World(author=forge.world.author),
        patience=PATIENCE,
        seconds=SECONDS,
        has_read=has_read,
    )
    first = await writer.perform(steps)
    reviewed_at = len(forge.sent)
    others = await writer.perform((file_comment(), summary(), check(60)))
    last = await writer.perform((issue(),))
    took = trio.current_time() - start
    forge.land(everything=True)
    return Ended(forge, (*first, *others, *last), reviewed_at, newest, took)


def check_laws(schedule: Schedule) -> None:
    """What holds after a run in any weather, and after one on a fine day that follows it."""
    trio.run(_check_laws, schedule, clock=MockClock(autojump_threshold=0))


async def _check_laws(schedule: Schedule) -> None:
    steps = (review(schedule.event),)
    happens = {number: EVENTS[name] for number, name in schedule.happens.items()}
    forge = Forge(world=schedule.world(), faults=schedule.faults, events=happens)
    _check(await published(forge, steps, has_read=schedule.has_read))
    fine = await published(Forge(world=forge.world), steps)
    _check(fine)
    if not schedule.happens:
        assert all(each.status != "unknown" and not each.again for each in fine.receipts)


def _check(ended: Ended) -> None:
    assert max(ended.items().values(), default=0) <= 1, "said twice"
    assert ended.took <= SECONDS + 1
    assert len(ended.forge.writes) <= PATIENCE.writes
    told_is_true(ended)
    no_verdict_on_what_was_not_seen(ended)
    posts = Counter(call.path for call in ended.forge.writes if call.verb == "POST")
    assert all(count <= PATIENCE.posts for path, count in posts.items() if path != "/graphql")


def told_is_true(ended: Ended) -> None:
    """A receipt that says done is about something that stands, one that says refused is not."""
    world = ended.forge.world
    told = ended.receipt("SubmitReview")
    standing = [each for each in world.reviews if each["state"] != "PENDING"]
    if told.status in {"done", "unchanged", "degraded"}:
        everything = " ".join(each["body"] for each in (*standing, *world.review_comments))
        assert all(each in everything for each in FINDINGS), "a finding is lost"
        assert [each["id"] for each in standing] == [told.id]
    elif told.status == "refused":
        new = [each for each in standing if each["id"] > ended.newer_than]
        assert not new, "it stands and was called refused"
    for action, kind in (("WriteSummary", "summary"), ("PostFileComment", "comment")):
        receipt = ended.receipt(action)
        bodies = [each for each in world.by_key(kind) if receipt.key in each["body"]]
        if receipt.status in {"done", "unchanged", "degraded"}:
            assert len(bodies) == 1
    made = ended.receipt("WriteCheck")
    if made.status == "done":
        assert [len(each["all"]) for each in world.checks] == [60]


def no_verdict_on_what_was_not_seen(ended: Ended) -> None:
    """A verdict stands on the head it was made of, or somebody is told that it does not.

    Whatever happened to the head before the last call about the review has to be seen.
    """
    forge = ended.forge
    pushes = [number for number, what in forge.events.items() if what is World.push]
    told = ended.receipt("SubmitReview")
    for each in forge.world.reviews:
        assert each["commit_id"] == HEAD
        if each["state"] in {"APPROVED", "CHANGES_REQUESTED"} and each["id"] > ended.newer_than:
            overtaken = any(number < ended.reviewed_at for number in pushes)
            assert not overtaken or told.again, "a verdict on an unseen head"


def storms(count: int) -> Callable[[], None]:
    """So many schedules as one test."""

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(schedules)
    def storm(schedule: Schedule) -> None:
        check_laws(schedule)

    return storm


if __name__ == "__main__":
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)
    print(f"seed {chosen}")  # noqa: T201 - so that it can be run again
    seed(chosen)(storms(int(sys.argv[1])))()
