"""A whole review on the fakes of the package: nothing is started, asked or patched."""

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Cache, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.clock import Clock
from reviewbot.dag.running.record import Record, Values
from reviewbot.pipeline import Lane, reported, review_graph
from reviewbot.process import Command, Programs
from reviewbot.publication import Publisher, Standing, publish_graph, receipts
from reviewbot.review.actions import Actions, SetLabels, WriteSummary
from reviewbot.review.analysis import Analyzer
from reviewbot.review.diff import Diff
from reviewbot.review.posted import Posted
from reviewbot.review.report import Report
from reviewbot.review.verdict import VerdictPolicy
from reviewbot.testing import Fault, Faults, JumpingClock
from reviewbot.testing.fakes.analyzers import Grep
from reviewbot.testing.fakes.change import blob, change_of
from reviewbot.testing.fakes.programs import FakePrograms, says
from reviewbot.testing.fakes.publisher import Desk
from reviewbot.testing.fakes.record import MemoryRecord, MemoryValues
from reviewbot.testing.fakes.texts import Texts
from tests.review.publishing.situations import PULL

pytestmark = pytest.mark.anyio

TEXTS = Texts(before={"a.py": "x = 1\n"}, after={"a.py": "x = 1\nTODO\n"})
CHANGE = change_of(TEXTS)
GREP: Analyzer = Grep(word="TODO", texts=TEXTS)
STANDS = Standing(pull=PULL, posted=Posted(complete=True))


def planned(report: Report, diff: Diff, standing: Standing) -> Actions:
    """One summary that names every finding, and a label on this pull request."""
    body = ", ".join(f"{row.path}:{row.line} on {standing.pull.number}" for row in report.findings)
    steps = (WriteSummary(key="s", body=body), SetLabels(add=(str(len(diff.files)),)))
    return Actions(steps=steps, places={})


@pytest.mark.feature("E25")
async def test_a_review_from_the_change_to_the_receipts_runs_on_fakes() -> None:
    desk = Desk(stands=STANDS, fails=(SetLabels,))
    publisher: Publisher = desk
    graph = review_graph([Lane(name="lint", analyzer=GREP)], VerdictPolicy(), lambda _: TEXTS)
    done = await run(graph, {"change": CHANGE})
    report = reported(done, CHANGE, seconds=done.seconds)
    told = await run(publish_graph(planned, publisher), {"report": report, "diff": CHANGE.diff})
    assert [(each.action, each.status) for each in receipts(told)] == [
        ("WriteSummary", "done"),
        ("SetLabels", "refused"),
    ]
    assert desk.steps[0] == WriteSummary(key="s", body=f"a.py:2 on {PULL.number}")


@pytest.mark.feature("E25")
async def test_programs_answer_by_name_and_faults_come_before_them() -> None:
    fake: Programs = FakePrograms(answers={"ruff": says("[]")})
    command = Command(argv=("/usr/bin/ruff",), cwd="/")
    assert (await fake.run(command)).stdout == b"[]"
    cut = Faults(script={"lint/ruff": [Fault.CUT]}).programs(fake, "lint")
    assert [(await cut.run(command)).stdout for _ in range(2)] == [b"[", b"[]"]


@pytest.mark.feature("E25")
async def test_a_run_is_written_down_in_memory_and_taken_up_again() -> None:
    calls: list[str] = []

    @node
    async def lint() -> int:
        calls.append("lint")
        return 1

    @node
    async def types(lint: int) -> int:
        calls.append("types")
        if calls.count("types") == 1:
            raise ValueError(lint)
        return lint + 1

    first = MemoryRecord()
    record: Record = first
    await run(Graph([lint, types]), record=record)
    second = first.again()
    done = await run(Graph([lint, types]), record=second)
    assert calls == ["lint", "types", "types"]
    assert (done.value("types"), done.outcomes["lint"].resumed) == (2, True)
    assert (first.told("settled"), second.told("started")) == (["lint", "types"], ["types"])
    assert (first.done is not None, second.done) == (True, done)


@pytest.mark.feature("E25")
async def test_a_full_disk_costs_the_record_and_not_the_run() -> None:
    @node
    async def lint() -> int:
        return 1

    @node
    async def merge(lint: int) -> int:
        return lint

    done = await run(Graph([lint, merge]), record=MemoryRecord(lasts=0))
    assert done.value("merge") == 1
    assert any("No space left" in warning for warning in done.warnings)


@pytest.mark.feature("E25")
async def test_values_are_kept_in_memory_between_runs() -> None:
    async def lint(change: str) -> int:
        return len(change)

    kept = MemoryValues()
    values: Values = kept
    graph = Graph([node(lint, policy=Policy(cache=Cache()))], {"change": str})
    runs = [await run(graph, {"change": change}, values=values) for change in ("a", "bb", "a")]
    found = [done.outcomes["lint"].status for done in runs]
    assert found == [Status.SUCCEEDED, Status.SUCCEEDED, Status.CACHED]
    assert ([done.value("lint") for done in runs], kept.hits) == ([1, 2, 1], 1)


@pytest.mark.feature("E25")
@pytest.mark.parametrize("jumps", [(0.0,), (3600.0,), (-3600.0,), (1.0, -50.0)])
async def test_whatever_the_clock_does_the_result_is_the_same(jumps: tuple[float, ...]) -> None:
    calls: list[int] = []

    async def flaky() -> int:
        calls.append(1)
        if len(calls) < 3:
            raise ConnectionError
        return 1

    retry = Retry(on=(ConnectionError,), attempts=3, base=5, factor=2, jitter=Jitter.NONE)
    wild = JumpingClock(jumps)
    clock: Clock = wild
    done = await run(Graph([node(flaky, policy=Policy(retry=retry))]), clock=clock)
    assert (done.value("flaky"), wild.slept) == (1, [5, 10])
    assert [attempt.delay for attempt in done.outcomes["flaky"].attempts] == [0, 5, 10]


def test_a_drawn_clock_is_the_same_for_the_same_seed() -> None:
    def readings(seed: int) -> list[float]:
        clock = JumpingClock.wild(seed)
        return [clock.now() for _ in range(50)]

    assert readings(1) == readings(1) != readings(2)
    assert any(later < sooner for sooner, later in zip(readings(1), readings(1)[1:], strict=False))


def test_a_blob_has_the_id_that_git_gives_it() -> None:
    assert blob("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"
