"""Who listens hears everything, in plain lines, and harms nobody by raising."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from reviewbot.dag.diagram.walk import steps
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.running.events import (
    Event,
    Logged,
    NodeSettled,
    NodeStarted,
    RunSettled,
    RunStarted,
)
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.watching.collecting import Collector
from reviewbot.dag.watching.groups import Groups
from reviewbot.dag.watching.hooks import Hooks
from reviewbot.dag.watching.ndjson import EventLines
from reviewbot.dag.watching.rows import EVENTS_SCHEMA, Row
from reviewbot.dag.watching.together import together
from tests.dag.trace.sample import GRAPH, HOSTILE, RUN, TRACE, events
from tests.dag.watching.program import ran

ROW = TypeAdapter(Row)


@pytest.mark.feature("U12")
def test_every_event_is_one_valid_line_and_nothing_is_lost() -> None:
    stream, heard = io.StringIO(), list[Event]()
    ran(EventLines(stream), heard.append)
    rows = [ROW.validate_json(line) for line in stream.getvalue().splitlines()]
    named = [re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower() for event in heard]
    assert [row.event for row in rows] == named
    assert rows[0].schema == EVENTS_SCHEMA
    assert rows[0].graph is not None
    assert rows[-1].critical_path
    settled = {row.node: row.outcome for row in rows if row.event == "node_settled"}
    assert settled.keys() >= {"lint", "ask[a]", "ask[b]", "ask", "pack/first", "pack", "after"}
    assert settled["types"] is not None
    assert [one.by for one in settled["types"].attempts] == ["types", "types", "ty"]
    assert all(0 <= row.at <= rows[-1].at + 1e-9 for row in rows)


@pytest.mark.feature("U12")
def test_lines_are_there_while_the_run_goes_on(tmp_path: Path) -> None:
    file, seen = tmp_path / "events", list[int]()
    with file.open("w") as stream:
        lines = EventLines(stream)
        ran(lines, lambda _: seen.append(file.read_text().count("\n")))
    assert seen == list(range(1, len(seen) + 1))


def test_no_name_and_no_error_ends_a_line_or_steers_a_terminal() -> None:
    stream = io.StringIO()
    lines = EventLines(stream)
    told = list(events())
    for event in told:
        lines(event)
    text = stream.getvalue()
    assert text.count("\n") == len(told)
    assert text.isascii()
    assert "\x1b" not in text
    assert any(row.get("text") == HOSTILE for row in map(json.loads, text.splitlines()))


@pytest.mark.feature("U12")
def test_a_stream_that_breaks_is_a_warning_of_the_run() -> None:
    stream = io.StringIO()
    stream.close()
    done = ran(EventLines(stream))
    assert done.warnings == ("a listener raised ValueError: I/O operation on closed file",)
    assert done.outcomes["merge"].ok


class Notebook(Hooks):
    """Overrides some hooks and not others."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def before_run(self, name: str, graph: object) -> None:  # noqa: ARG002 - the hook's own
        self.notes.append(f"before {name}")

    def after_run(self, run: Run) -> None:
        self.notes.append(f"after {run.name}")

    def before_attempt(self, node: str, by: str, number: int) -> None:
        self.notes.append(f"{node}: {by} {number}")

    def after_node(self, node: str, outcome: Outcome[object]) -> None:
        self.notes.append(f"{node} {outcome.status}")

    def on_error(self, node: str, attempt: Attempt, retry_in: float | None) -> None:
        again = "stops" if retry_in is None else "again"
        self.notes.append(f"{node}: {attempt.error}, {again}")


@pytest.mark.feature("U13")
def test_a_plug_in_hears_what_it_overrides_in_the_order_of_the_run() -> None:
    book = Notebook()
    ran(book)
    assert (book.notes[0], book.notes[-1]) == ("before small", "after small")
    assert [note for note in book.notes if note.startswith("types")] == [
        "types: types 1",
        "types: ConnectionError: c, again",
        "types: types 2",
        "types: ConnectionError: c, stops",
        "types: ty 1",
        "types rerouted",
    ]
    assert "after skipped" in book.notes
    assert "ask[b] failed" in book.notes


class Raising(Hooks):
    """Every node's end is too much for it."""

    def after_node(self, node: str, outcome: Outcome[object]) -> None:
        raise RuntimeError(f"{node} {outcome.status}")


@pytest.mark.feature("U13")
def test_a_hook_that_raises_is_a_warning_that_names_it_and_others_are_still_called() -> None:
    book = Notebook()
    done = ran(together(Raising(), book))
    assert done.outcomes["merge"].ok
    assert (
        "a listener raised HookError: Raising raised RuntimeError: merge succeeded" in done.warnings
    )
    assert "merge succeeded" in book.notes


@pytest.mark.feature("U13")
def test_a_value_from_the_cache_has_a_hook_of_its_own() -> None:
    class Counting(Hooks):
        cached = 0

        def on_cached(self, node: str, outcome: Outcome[object]) -> None:
            assert (node, outcome.status) == ("pack/first", Status.CACHED)
            self.cached += 1

    hooks = Counting()
    for event in events():
        hooks(event)
    assert hooks.cached == 1


def test_several_errors_of_listeners_come_as_one_group() -> None:
    def raises(_: Event) -> None:
        raise ValueError("me")

    both = together(raises, raises)
    with pytest.raises(ExceptionGroup, match="ValueError: me; ValueError: me"):
        both(NodeStarted(node="n", at=0))


@pytest.mark.feature("S15")
def test_the_collector_gives_the_trace_of_a_run() -> None:
    found: list[Trace] = []
    done = ran(Collector(found.append, {"ruff": "1"}, lambda: "2026-11-21T00:00:00+00:00"))
    (trace,) = found
    assert (trace.run, trace.began) == ("small", "2026-11-21T00:00:00+00:00")
    assert trace.manifest == {"ruff": "1"}
    by_path = {step.path: step.outcome for step in steps(trace.graph)}
    for name, outcome in done.outcomes.items():
        told = by_path[name]
        assert told is not None
        assert (told.status, told.reason) == (outcome.status, outcome.reason)
    assert by_path["lint"] is not None
    assert by_path["lint"].log == ("two files\n::error::not a command",)
    assert by_path["lint"].spent == {"usd": 0.25}
    assert trace.spent == {"usd": 0.25}


def test_the_collector_and_a_finished_run_give_the_same_trace() -> None:
    found: list[Trace] = []
    collector = Collector(found.append, now=lambda: TRACE.began)
    for event in events():
        collector(event)
    assert [step.path for step in steps(found[0].graph)] == [s.path for s in steps(TRACE.graph)]
    assert found[0].critical_path == TRACE.critical_path


@pytest.mark.feature("S14")
def test_the_log_has_one_group_per_node_with_what_was_said_and_how_it_ended() -> None:
    lines: list[str] = []
    ran(Groups(lines.append))
    titles = [line for line in lines if line.startswith("::group::")]
    assert sum(" types rerouted " in title for title in titles) == 1
    inside = lines[lines.index(next(t for t in titles if " types " in t)) + 1 :]
    assert inside[0].startswith("| attempt 1 by types failed: ConnectionError: c; again in")
    assert inside[1] == "| attempt 2 by types failed: ConnectionError: c"
    assert inside[2].startswith("| ty answered: ConnectionError: c")
    assert inside[3] == "::endgroup::"
    assert lines.count("::endgroup::") == len(titles)
    assert any(" merge succeeded " in line for line in lines)


@pytest.mark.feature("S14")
def test_nothing_that_is_said_is_a_command_for_the_runner() -> None:
    lines: list[str] = []
    groups = Groups(lines.append)
    told: list[Any] = list(events())
    for event in told:
        groups(event)
    for line in lines:
        assert "\x1b" not in line
        assert "\n" not in line
        assert "##[" not in line
        if line.lstrip().startswith("::"):
            assert line.startswith(("::group::", "::endgroup::"))


def test_a_node_that_talks_without_end_fills_no_log() -> None:
    lines, found = list[str](), list[Trace]()
    both = together(Groups(lines.append), Collector(found.append))
    both(RunStarted(run="r", graph=GRAPH))
    for _ in range(5000):
        both(Logged(node="lint", text="word " * 10_000, at=0.0))
    both(NodeSettled(node="lint", outcome=RUN.outcomes["lint"]))
    both(RunSettled(run=RUN))
    assert len(lines) < 1010
    assert max(map(len, lines)) < 2010
    said = next(step.outcome for step in steps(found[0].graph) if step.path == "lint")
    assert said is not None
    assert len(said.log) == 1001
    assert said.log[-1] == "(only the first 1,000 are kept)"
