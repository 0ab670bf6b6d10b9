"""What keeps failing is left alone; after a while exactly one probe says whether it is well."""

from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Breaker, Fallback, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.breaker import BreakerOpenError, Breakers, BreakerState, Permit
from reviewbot.dag.running.events import AttemptStarted, BreakerChanged, Event
from tests.dag.running.scripted import Scripted, Ticking, ended

GITHUB = Breaker(key="github", failures=2, cooldown=30, on=(OSError,))


class Protected(RuleBasedStateMachine):
    """One breaker, attempts that overlap in every way, and what must hold meanwhile."""

    permits = Bundle("permits")

    def __init__(self) -> None:
        super().__init__()
        self.breakers = Breakers()
        self.now = 0.0
        self.row = 0  # failures in a row, of attempts that were admitted while it was closed
        self.opened: float | None = None
        self.probe: Permit | None = None
        self.closings = 0
        self.admitted_in: dict[int, int] = {}

    @rule(target=permits)
    def attempt(self) -> Permit | None:
        is_closed = self.opened is None
        is_due = not is_closed and self.now >= (self.opened or 0.0) + GITHUB.cooldown
        is_free = is_closed or (is_due and self.probe is None)
        refusal = self.breakers.refusal(GITHUB, self.now)
        assert is_free is (refusal == "")
        if not is_free:
            with pytest.raises(BreakerOpenError, match="breaker 'github' is"):
                self.breakers.admit(GITHUB, self.now)
            return None
        permit, change = self.breakers.admit(GITHUB, self.now)
        assert (change is BreakerState.HALF_OPEN) is not is_closed
        if not is_closed:
            self.probe = permit
        self.admitted_in[id(permit)] = self.closings
        return permit

    @rule(seconds=st.sampled_from([1.0, 29.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(permit=consumes(permits))
    def succeed(self, permit: Permit | None) -> None:
        if permit is None:
            return
        change = self.breakers.succeeded(permit)
        if permit is self.probe:
            assert change is BreakerState.CLOSED
            self.probe, self.opened, self.row = None, None, 0
            self.closings += 1
        elif self.counts(permit):
            self.row = 0

    @rule(permit=consumes(permits))
    def fail(self, permit: Permit | None) -> None:
        if permit is None:
            return
        change = self.breakers.failed(permit, ConnectionError(), self.now)
        if permit is self.probe:
            assert change is BreakerState.OPEN
            self.probe, self.opened = None, self.now
        elif self.counts(permit):
            self.row += 1
            if self.row == GITHUB.failures:
                assert change is BreakerState.OPEN
                self.opened = self.now

    @rule(permit=consumes(permits), error=st.sampled_from([None, ValueError("not its fault")]))
    def leave(self, permit: Permit | None, error: ValueError | None) -> None:
        if permit is None:
            return
        if error is None:
            self.breakers.left(permit)
        else:
            self.breakers.failed(permit, error, self.now)
        if permit is self.probe:
            self.probe = None

    def counts(self, permit: Permit) -> bool:
        """Whether it was admitted while the breaker was closed, and it still is."""
        return self.opened is None and self.admitted_in[id(permit)] == self.closings

    @invariant()
    def the_state_is_what_was_reported(self) -> None:
        state = self.breakers.states.get("github", "closed")
        if self.opened is None:
            assert state == "closed"
        else:
            assert state == ("open" if self.probe is None else "half open")


TestProtected = pytest.mark.feature("E55")(Protected.TestCase)
TestProtected.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("wrong", [{"failures": 0}, {"cooldown": -1.0}], ids=str)
def test_a_breaker_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a breaker needs"):
        Breaker(key="github", **wrong)


async def in_turn(works: Mapping[str, Scripted], policy: Policy, **options: Any) -> Run:
    """Nodes of one policy, one after the other in the order given."""
    nodes = [
        node(work, name=name, policy=policy.merged(Policy(priority=len(works) - place)))
        for place, (name, work) in enumerate(works.items())
    ]
    return await run(Graph(nodes), max_parallel=1, **options)


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_the_nodes_of_a_run_share_a_breaker_and_nothing_is_called_while_it_is_open() -> None:
    works = {name: Scripted(ConnectionError("down")) for name in ("a", "b", "c", "d")}
    told: list[Event] = []
    done = await in_turn(works, Policy(breaker=GITHUB), clock=Ticking(), on_event=told.append)
    assert [work.calls for work in works.values()] == [1, 1, 0, 0]
    refused = done.outcomes["c"]
    text = "breaker 'github' is open: 2 failures in a row, next probe in 30 s"
    assert (refused.status, refused.kind) == (Status.FAILED, FailureKind.TRANSIENT)
    assert refused.reason == f"{text}, attempt 1 of 1"
    assert [attempt.error for attempt in refused.attempts] == [text]
    assert done.breakers == {"github": "open"}
    assert [e for e in told if isinstance(e, BreakerChanged)] == [
        BreakerChanged(key="github", state="open", at=0.0)
    ]
    assert [e.node for e in told if isinstance(e, AttemptStarted)] == ["a", "b"]


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_what_was_refused_is_not_tried_again_but_answered_by_others() -> None:
    retry = Retry(on=(Exception,), attempts=5, base=1, jitter=Jitter.NONE)
    patterns, clock = Scripted("patterns"), Ticking()
    policy = Policy(breaker=GITHUB, retry=retry, backups=(Backup(name="patterns", run=patterns),))
    work = Scripted(ConnectionError("down"))
    outcome = await ended(work, policy, clock=clock)
    assert (work.calls, clock.slept) == (2, [1.0, 2.0])
    assert [attempt.by for attempt in outcome.attempts] == ["lint"] * 3 + ["patterns"]
    assert (outcome.status, outcome.value) == (Status.REROUTED, "patterns")

    policy = Policy(breaker=GITHUB, retry=retry, fallback=Fallback(value=0))
    assert (await ended(work, policy, clock=Ticking())).status is Status.FELL_BACK


@pytest.mark.parametrize(
    ("probe", "states"),
    [
        ("well", ["open", "half open", "closed"]),
        (ConnectionError("still down"), ["open", "half open", "open"]),
        (ValueError("not its fault"), ["open", "half open", "open"]),
    ],
    ids=["well", "down", "told nothing"],
)
@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_after_the_cooldown_one_probe_decides(probe: object, states: list[str]) -> None:
    told: list[Event] = []
    retry = Retry(on=(OSError,), attempts=3, base=30, jitter=Jitter.NONE)
    down = ConnectionError("down")
    policy = Policy(breaker=GITHUB, retry=retry)
    work = Scripted(down, down, probe)
    await ended(work, policy, clock=Ticking(), on_event=told.append)
    assert [event.state for event in told if isinstance(event, BreakerChanged)] == states
    assert work.calls == 3


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_while_the_probe_is_under_way_others_are_refused() -> None:
    breakers, clock, running = Breakers(), Ticking(), anyio.Event()
    two = {"a": Scripted(OSError()), "b": Scripted(OSError())}
    await in_turn(two, Policy(breaker=GITHUB), clock=clock, breakers=breakers)
    clock.passed += 30

    async def probe() -> int:
        running.set()
        await anyio.wait_all_tasks_blocked()
        return 1

    async def other() -> int:
        raise AssertionError("must not be called")

    policy = Policy(breaker=GITHUB)
    first = node(probe, policy=policy.merged(Policy(priority=1)))
    done = await run(Graph([first, node(other, policy=policy)]), clock=clock, breakers=breakers)
    assert done.value("probe") == 1
    refusal = "breaker 'github' is half open: its probe is under way, attempt 1 of 1"
    assert done.outcomes["other"].reason == refusal
    assert breakers.states == {"github": "closed"}


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_a_timeout_is_a_failure_but_a_cancelled_attempt_tells_nothing() -> None:
    async def hang() -> int:
        await anyio.sleep(3600)
        return 1

    once = Breaker(key="github", failures=1)
    late, cut = Breakers(), Breakers()
    await ended(hang, Policy(breaker=once, timeout=0.001), breakers=late)
    await ended(hang, Policy(breaker=once), breakers=cut, deadline=0.001)
    assert (late.states, cut.states) == ({"github": "open"}, {"github": "closed"})
    with anyio.move_on_after(0.001):
        await ended(hang, Policy(breaker=once), breakers=cut)
    assert cut.states == {"github": "closed"}


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_a_backup_has_a_breaker_of_its_own() -> None:
    mirror = Breaker(key="mirror", failures=1)
    backup = Backup(name="mirror", run=Scripted(OSError("mirror down")), breaker=mirror)
    works = {"a": Scripted(OSError("down")), "b": Scripted(OSError("down"))}
    done = await in_turn(works, Policy(breaker=GITHUB, backups=(backup,)), clock=Ticking())
    assert [attempt.error for attempt in done.outcomes["b"].attempts] == [
        "OSError: down",
        "breaker 'mirror' is open: 1 failure in a row, next probe in 30 s",
    ]
