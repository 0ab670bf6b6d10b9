"""A whole review on analyzers of our own: nothing is started, nothing is patched."""

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import anyio
import pytest
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.error import GraphError
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.runner import run
from reviewbot.errors import ToolCrashed, ToolGarbled, ToolMissing
from reviewbot.pipeline import Lane, reported, review_graph
from reviewbot.render import wording
from reviewbot.review.analysis import Analysis, Analyzer, Change
from reviewbot.review.merge import merge
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow, NodeRow
from reviewbot.review.verdict import VerdictPolicy, decide
from reviewbot.testing.fakes.analyzers import Failing, Grep, Hanging, Lying
from reviewbot.testing.fakes.change import change_of
from reviewbot.testing.fakes.texts import Texts
from tests.ledger import ROOT
from tests.strategies import Settled

WORDS = ("lint", "types", "security", "tests")
TEXTS = Texts(
    before={"a.py": "old lint\nold types\n"},
    after={"a.py": "old lint\nold types\nnew lint\nnew types\nnew security\nnew tests\n"},
)
CHANGE = change_of(TEXTS)
EAGER = VerdictPolicy(approve="when_clean")
PATIENT = Policy(timeout=60.0, retry=Retry(on=(ToolCrashed,), attempts=2, base=1.0))


class VirtualTime:
    """Time that passes only while everybody waits."""

    def now(self) -> float:
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


def healthy(word: str, seconds: float = 1.0) -> Grep:
    return Grep(word=word, texts=TEXTS, tool=f"grep-{word}", seconds=seconds)


def lane(word: str, analyzer: Analyzer | None = None, **parts: Any) -> Lane:
    return Lane(name=word, analyzer=analyzer or healthy(word), policy=PATIENT, **parts)


def reviewed(lanes: Collection[Lane], **options: Any) -> Report:
    """A review in virtual time, as the front door makes it."""

    async def review() -> Report:
        graph = review_graph(tuple(lanes), EAGER, lambda _: TEXTS)
        done = await run(graph, {"change": CHANGE}, clock=VirtualTime(), **options)
        return reported(done, CHANGE, seconds=done.seconds)

    clock = trio.testing.MockClock(autojump_threshold=0)
    return anyio.run(review, backend="trio", backend_options={"clock": clock})


def rows(report: Report) -> Mapping[str, NodeRow]:
    return {row.name: row for row in report.nodes}


def of(word: str, report: Report) -> list[FindingRow]:
    return [row for row in report.findings if row.node == word]


FAULTS: Mapping[str, tuple[Callable[[str], Analyzer], str]] = {
    "crashes": (lambda word: Failing(error=ToolCrashed("139"), then=healthy(word)), "failed"),
    "is missing": (lambda word: Failing(error=ToolMissing("gone"), then=healthy(word)), "failed"),
    "is garbled": (lambda word: Failing(error=ToolGarbled("NaN"), then=healthy(word)), "failed"),
    "has a bug": (lambda word: Failing(error=KeyError(word), then=healthy(word)), "failed"),
    "recurses": (lambda word: Failing(error=RecursionError(), then=healthy(word)), "failed"),
    "fails late": (
        lambda word: Failing(error=OSError("disk"), then=healthy(word), seconds=30),
        "failed",
    ),
    "hangs": (lambda _: Hanging(), "timed_out"),
    "lies": (lambda _: Lying(), "failed"),
}
CALM = reviewed([lane(word) for word in WORDS])


def test_a_review_says_what_is_new_and_what_was_there() -> None:
    found = [(row.node, row.line, row.change) for row in CALM.findings]
    assert sorted(found) == [
        ("lint", 1, "existing"),
        ("lint", 3, "introduced"),
        ("security", 5, "introduced"),
        ("tests", 6, "introduced"),
        ("types", 2, "existing"),
        ("types", 4, "introduced"),
    ]
    assert (CALM.verdict.complete, CALM.warnings) == (True, ())


@pytest.mark.feature("E07")
def test_analyses_start_together_then_the_merge_then_the_decision() -> None:
    seconds = {"lint": 1.0, "types": 8.0, "security": 3.0, "tests": 5.0}
    nodes = rows(reviewed([lane(word, healthy(word, took)) for word, took in seconds.items()]))
    assert {nodes[word].started for word in WORDS} == {0.0}
    assert {word: nodes[word].seconds for word in WORDS} == seconds
    assert (nodes["merge"].started, nodes["decide"].started) == (8.0, 8.0)
    assert [nodes[name].wave for name in (*WORDS, "merge", "decide")] == [1, 1, 1, 1, 2, 3]


@pytest.mark.feature("R02")
@given(faults=st.dictionaries(st.sampled_from(WORDS), st.sampled_from(sorted(FAULTS))))
def test_whichever_analyses_fail_the_others_say_the_same_and_there_is_a_verdict(
    faults: Mapping[str, str],
) -> None:
    made = {word: FAULTS[fault][0](word) for word, fault in faults.items()}
    report = reviewed([lane(word, made.get(word)) for word in WORDS])
    for word in WORDS:
        assert of(word, report) == ([] if word in faults else of(word, CALM))
        wanted = FAULTS[faults[word]][1] if word in faults else "succeeded"
        assert rows(report)[word].status == wanted
    assert report.verdict.complete is not bool(faults)
    assert sorted(each.split()[0] for each in report.warnings) == sorted(faults)
    assert {rows(report)[name].status for name in ("merge", "decide")} == {"succeeded"}


class Garbled:
    """Answers with an Analysis whose finding stands on no line that can be."""

    tool = "garbled"

    async def analyze(self, change: Change) -> Analysis:
        found = await healthy("types").analyze(change)
        place = replace(found.head[0].location, line="three")  # type: ignore[arg-type] # that is it
        return replace(found, head=(replace(found.head[0], location=place),))


@pytest.mark.feature("R02", "E58")
def test_an_answer_that_is_no_sound_analysis_costs_itself_and_says_which_promise_it_broke() -> None:
    report = reviewed([lane(word, Garbled() if word == "types" else None) for word in WORDS])

    assert rows(report)["types"].status == "failed"
    assert rows(report)["types"].reason.startswith("invariant 'well formed' is violated: in head: ")
    assert [of(word, report) for word in WORDS if word != "types"] == [
        of(word, CALM) for word in WORDS if word != "types"
    ]
    assert not report.verdict.complete


@pytest.mark.feature("R02", "R03")
def test_of_a_thousand_reviews_with_a_failing_analyzer_each_one_is_written() -> None:
    plan = list(product(FAULTS, WORDS, (1, 2, 3, 4)))
    written = 0
    for number in range(1000):
        fault, broken, parallel = plan[number % len(plan)]
        make, status = FAULTS[fault]
        seconds = {word: float((number * place) % 7) for place, word in enumerate(WORDS, 1)}
        report = reviewed(
            [
                lane(word, make(word) if word == broken else healthy(word, seconds[word]))
                for word in WORDS
            ],
            max_parallel=parallel,
        )
        others = [row for row in report.findings if row.node != broken]
        assert others == [row for row in CALM.findings if row.node != broken]
        assert rows(report)[broken].status == status
        assert report.verdict.decision == "COMMENT"
        written += len(report.verdict.reasons) > 0
    assert written == 1000


@pytest.mark.feature("E11")
def test_one_at_a_time_says_what_four_at_once_say() -> None:
    broken = [lane("lint", FAULTS["crashes"][0]("lint")), *map(lane, WORDS[1:])]
    one, four = (reviewed(broken, max_parallel=number) for number in (1, 4))
    timeless = partial(replace, seconds=0, critical_path_seconds=0, nodes=())
    assert timeless(one) == timeless(four)
    assert sorted(rows(one)[word].started for word in WORDS[1:]) == [0.0, 1.0, 2.0]
    assert [rows(four)[word].started for word in WORDS[1:]] == [0.0, 0.0, 0.0]


@pytest.mark.feature("E37")
def test_a_lane_that_is_switched_off_is_shown_and_not_missed() -> None:
    never = FAULTS["has a bug"][0]("types")
    report = reviewed([*map(lane, ("lint", "security")), lane("types", never, skipped="--skip")])
    assert (rows(report)["types"].status, rows(report)["types"].attempts) == ("skipped", 0)
    assert rows(report)["types"].reason == "configuration: --skip"
    assert (report.verdict.complete, report.warnings) == (True, ())


@pytest.mark.feature("E54")
@pytest.mark.parametrize("slow", [("types",), ("types", "tests"), WORDS])
def test_at_the_deadline_what_is_there_is_merged_and_decided(slow: Collection[str]) -> None:
    lanes = [lane(word, Hanging() if word in slow else None) for word in WORDS]
    report = reviewed(lanes, deadline=10.0)
    assert {word for word in WORDS if rows(report)[word].status == "timed_out"} == {*slow}
    assert {row.node for row in report.findings} == {*WORDS} - {*slow}
    assert rows(report)["decide"].status == "succeeded"
    assert (report.seconds, report.verdict.complete) == (10.0, False)


@pytest.mark.feature("R16", "U18")
def test_a_retry_is_shown_with_what_went_wrong_and_costs_the_others_nothing() -> None:
    once = Failing(error=ToolCrashed("139"), then=healthy("types"), times=1)
    others = {word: healthy(word) for word in WORDS if word != "types"}
    report = reviewed([lane(word, others.get(word, once)) for word in WORDS])
    row = rows(report)["types"]
    assert (row.status, row.attempts, row.tried) == ("succeeded", 2, ("types: ToolCrashed: 139",))
    assert wording.why(row) == "types: ToolCrashed: 139"
    assert report.findings == CALM.findings
    assert [len(each.calls) for each in others.values()] == [1, 1, 1]


@pytest.mark.feature("R16", "R04")
def test_a_backup_is_shown_and_warned_of() -> None:
    gone = Failing(error=ToolMissing("no bandit"), then=healthy("security"))
    backups = (
        Failing(error=ToolMissing("no ruff"), then=Grep(word="x", texts=TEXTS, tool="second")),
        Grep(word="security", texts=TEXTS, tool="third"),
    )
    report = reviewed([lane("lint"), lane("security", gone, backups=backups)])
    row = rows(report)["security"]
    assert (row.status, row.attempts, row.tool_version) == ("rerouted", 3, "third 1")
    assert row.tried == ("security: ToolMissing: no bandit", "second: ToolMissing: no ruff")
    assert row.reason
    assert [each.split()[0] for each in report.warnings] == ["security"]
    assert (len(of("security", report)), report.verdict.complete) == (1, True)


@pytest.mark.feature("U16")
def test_a_review_by_one_analyzer_costs_what_the_analyzer_the_merge_and_the_verdict_cost() -> None:
    grep = healthy("lint", 0.0)
    graph = review_graph([Lane(name="lint", analyzer=grep)], EAGER, lambda _: TEXTS)

    async def called() -> object:
        found = await grep.analyze(CHANGE)
        settled = Settled(node="lint", status="succeeded", value=found)
        return decide(merge([settled], CHANGE.diff, TEXTS), EAGER)

    async def through_the_graph() -> object:
        return (await run(graph, {"change": CHANGE})).value("decide")

    async def timed(work: Callable[[], Awaitable[object]]) -> float:
        taken = []
        for _ in range(30):
            begun = time.process_time()
            await work()
            taken.append(time.process_time() - begun)
        return min(taken)

    assert anyio.run(called) == anyio.run(through_the_graph)
    more = anyio.run(timed, through_the_graph) - anyio.run(timed, called)
    assert more < 0.002  # a tenth of what the quickest tool takes to start


@pytest.mark.feature("U16")
def test_the_documents_say_when_not_to_use_a_graph() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    _, _, advice = text.partition("## When not to use a graph\n")
    assert "engine" in advice


def test_without_an_optional_lane_a_review_is_complete() -> None:
    report = reviewed([lane("lint"), lane("tests", FAULTS["lies"][0]("tests"), optional=True)])
    assert report.verdict.complete
    assert [each.split()[0] for each in report.warnings] == ["tests"]


@pytest.mark.parametrize("names", [("lint", "lint"), ("merge",), ("decide",)])
def test_a_name_is_given_once(names: Collection[str]) -> None:
    with pytest.raises(GraphError):
        review_graph([lane(name) for name in names], EAGER, lambda _: TEXTS)
