"""``reviewbot trace`` and ``explain``: a run that is kept, in every form, and one node of it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import anyio
import pytest
from pydantic import TypeAdapter

from reviewbot.cli.front_door import enter
from reviewbot.cli.trace import FORMS
from reviewbot.cli.traces import Runs, read_trace
from reviewbot.dag.diagram.explanation import explanation
from reviewbot.dag.diagram.walk import find, steps
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.record import RunRecord
from reviewbot.dag.node import node
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import written
from reviewbot.dag.watching.collecting import Collector
from reviewbot.dag.watching.together import Watcher
from reviewbot.errors import UsageError
from tests.dag.trace.sample import TRACE
from tests.dag.watching.program import GIVEN, GRAPH
from tests.e2e.workbench import Workbench

MANIFEST = {"head": "abc"}


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


Cli: TypeAlias = Callable[..., Ended]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """The front door, in this process; for commands that leave the environment alone."""

    def call(*arguments: str) -> Ended:
        code = enter(arguments)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench.create(tmp_path_factory.mktemp("bench") / "bin")


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = tmp_path / "trace.json"
    made.write_text(written(TRACE), encoding="utf-8")
    return str(made)


@pytest.mark.feature("S15")
def test_a_trace_in_a_file_is_shown_as_text(cli: Cli, file: str) -> None:
    ended = cli("trace", file)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "run quick-fox of 2026-11-21T02:00:00+00:00"
    assert sum("types" in line and "◀ rerouted: ty answered" in line for line in lines) == 1
    assert "critical path 8.250 s: types > merge; bottleneck types" in lines
    assert "speed-up 1.56 of 1.57 x" in ended.out


@pytest.mark.feature("S17")
def test_what_a_node_said_steers_neither_terminal_nor_log(cli: Cli, file: str) -> None:
    for form in FORMS.keys() - {"html"}:
        told = FORMS[form](TRACE)
        assert "\x1b" not in told
        assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    assert 'onerror=alert(1)> \\x1b[31m"quoted"\\n::error::' in cli("trace", file).out


@pytest.mark.feature("S17")
def test_every_form_goes_to_a_file_when_asked_to(cli: Cli, file: str, tmp_path: Path) -> None:
    for form, start in {"html": "<!doctype html>", "json": "{", "chrome": '{"traceEvents"'}.items():
        target = tmp_path / f"out.{form}"
        ended = cli("trace", file, "--format", form, "-o", str(target))
        assert (ended.code, ended.out) == (0, "")
        assert target.read_text(encoding="utf-8").startswith(start)
    assert read_trace(tmp_path / "out.json") == TRACE


@pytest.mark.feature("U14")
def test_a_node_of_a_run_is_explained(cli: Cli, file: str) -> None:
    told = cli("explain", "types", "--run", file).out
    assert "because    the input change was given" in told
    assert "2 by types, 3.500 to 6.500 s, after a wait of 0.500 s: failed: TimeoutError" in told
    assert "answered   ty, instead of types" in told
    assert "on the critical path, its bottleneck: types > merge" in told
    assert "merge continued with it" in told
    audit = cli("explain", "audit", "--run", file).out
    assert "because    security timed out; a value was needed" in audit
    item = cli("explain", "triage[a.py]", "--run", file).out
    assert "made of    change/1" in item
    assert "pack/second\n" in cli("explain", "pack/second", "--run", file).out


@pytest.mark.feature("U14")
def test_a_name_that_is_unknown_gives_the_nearest(cli: Cli, file: str) -> None:
    ended = cli("explain", "typos", "--run", file)
    assert ended.code == 2
    assert "no node 'typos'; did you mean 'types'?" in ended.err


@pytest.mark.feature("U14")
def test_before_any_run_a_node_says_what_would_keep_it_from_running(
    bench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / ".reviewbot.yml").write_text("analyses: {tests: {enabled: false}}\n")
    told = bench.run("explain", "merge", "--path", str(tmp_path)).out.splitlines()
    assert told[0] == "the next run, as the settings have it"
    assert "  needs      the input change" in told
    assert "             lint, its outcome, whatever it is" in told
    assert "  skipped    never because another node failed" in told
    decide = bench.run("explain", "decide", "--path", str(tmp_path)).out
    assert "skipped    when there is no value of merge" in decide
    off = bench.run("explain", "tests", "--path", str(tmp_path)).out
    assert "runs       not: configuration: switched off at .reviewbot.yml:1" in off


MADE_UP = {
    '"name": "b", "wave": 1000000000': "b is in wave 1000000000 of 2 nodes",
    '"name": "b", "wave": -1': "b is in wave -1 of 2 nodes",
    '"name": "a"': "a is there twice",
    '"name": "b", "kind": "thing"': "b is of no known kind: thing",
    '"name": "b", "edges": [{"parameter": "c", "node": "c"}]': "b needs c, which does not stand",
    '"name": "b", "edges": [{"parameter": "b", "node": "b"}]': "b needs b, which does not stand",
    '"name": "b", "when_edges": [{"parameter": "a", "node": "a", "kind": "x"}]': "no known way: x",
    '"name": "b", "outcome": {"status": "great"}': "b ended in no known way: great",
    '"name": "b", "outcome": {"status": "failed", "seconds": -1}': "b takes no time that can be",
    '"name": "b", "outcome": {"status": "failed", "started": 1e300}': "b takes no time that can be",
    '"name": "b", "slack": 1e300': "b has no slack that can be",
    '"name": "b", "items": [{"key": "k", "id": "i", "outcome": {"status": ""}}]': "b[k] ended in",
    '"name": "b", "inner": {"nodes": [{"name": "c", "kind": ""}]}': "b/c is of no known kind",
}


def made_up(node: str) -> str:
    """A trace of a node `a` and this one."""
    return f'{{"schema": "reviewbot.trace/1", "graph": {{"nodes": [{{"name": "a"}}, {{{node}}}]}}}}'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "its schema is not stated"),
        ("[]", "its schema is not stated"),
        ("[" * 100_000, "its schema is not stated"),
        ('{"schema": "reviewbot.trace/9"}', "its schema is reviewbot.trace/9, not"),
        ('{"schema": "reviewbot.trace/1"}', "graph: "),
        ('{"schema": "reviewbot.trace/1", "graph": {"nodes": [{}]}}', "graph.nodes.0.name"),
        *((made_up(part), said) for part, said in MADE_UP.items()),
    ],
)
def test_what_is_no_trace_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "trace.json"
    file.write_text(content)
    with pytest.raises(UsageError) as refused:
        read_trace(file)
    assert said in refused.value.message


def test_a_file_that_is_not_there_is_a_line_and_not_a_bug(cli: Cli) -> None:
    ended = cli("trace", "nowhere.json")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "No such file" in ended.err


def journaled(
    file: Path,
    name: str,
    on_event: Watcher | None = None,
    *,
    until: str = "",
    graph: Graph = GRAPH,
) -> None:
    """Run a graph, written down; cut off as soon as the node `until` has settled."""
    given = {name: GIVEN[name] for name in graph.inputs}

    async def main(record: RunRecord) -> None:
        with anyio.CancelScope() as scope:

            def listen(event: Event) -> None:
                if on_event is not None:
                    on_event(event)
                if isinstance(event, NodeSettled) and event.node == until:
                    scope.cancel()

            await run(graph, given, name=name, record=record, on_event=listen)

    with Journal.open(file) as journal:
        picture = written(described(graph))
        with journal.begin(name, graph, given, manifest=MANIFEST, picture=picture) as record:
            anyio.run(main, record)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    journaled(file, "one-done")
    journaled(file, "two-killed", until="pack")
    return str(file)


@pytest.mark.feature("S15")
def test_a_run_in_the_journal_has_its_digests_attempts_items_and_inner_nodes(journal: str) -> None:
    trace = Runs(Path(journal)).load("one-done")
    found = {step.path: step for step in steps(trace.graph)}
    assert {"pack/first", "ask[a]", "ask[b]"} <= found.keys()
    lint, merge, types = (found[name] for name in ("lint", "merge", "types"))
    assert lint.outcome is not None
    assert types.outcome is not None
    assert len(lint.outcome.digest) == 64
    assert {edge.node: edge.digest for edge in merge.node.edges}["lint"] == lint.outcome.digest
    assert [one.by for one in types.outcome.attempts] == ["types", "types", "ty"]
    assert found["ask[a]"].item is not None
    assert found["ask[a]"].item.id == "hunks/a"
    assert trace.inputs.keys() == {"change", "hunks"}
    assert trace.manifest == MANIFEST
    assert read_back(trace) == trace


@pytest.mark.feature("S15")
def test_the_journal_and_a_listener_tell_the_same_of_a_run(tmp_path: Path) -> None:
    found: list[Trace] = []
    journaled(tmp_path / "journal.sqlite3", "both", Collector(found.append))
    kept = Runs(tmp_path / "journal.sqlite3").load("both")
    assert bare(kept) == bare(found[0])


def bare(trace: Trace) -> list[tuple[object, ...]]:
    """What both know: a digest is the journal's, a log the listener's."""
    return [
        (
            step.path,
            step.node.kind,
            step.node.wave,
            step.node.policy,
            step.item and (step.item.id, step.item.sources),
            step.is_critical,
            step.outcome
            and (
                step.outcome.status,
                step.outcome.reason,
                step.outcome.answered_by,
                step.outcome.spent,
                [(one.number, one.by, one.error) for one in step.outcome.attempts],
                step.outcome.started,
                step.outcome.seconds,
            ),
        )
        for step in steps(trace.graph)
    ]


def read_back(trace: Trace) -> Trace:
    return TypeAdapter(Trace).validate_json(written(trace))


@pytest.mark.feature("S18")
def test_a_run_that_was_killed_shows_what_it_got_to(cli: Cli, journal: str) -> None:
    told = cli("trace", "two", "--journal", journal).out
    assert "interrupted: not all of it" in told
    assert "✓ lint" in told
    assert re.search(r"◦ merge +not ended", told)


@pytest.mark.feature("S15")
def test_a_run_that_went_on_says_what_an_earlier_process_finished(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    journaled(file, "again", until="pack")
    with (
        Journal.open(file) as journal,
        journal.resume("again", GRAPH, GIVEN, manifest=MANIFEST) as record,
    ):
        anyio.run(partial(run, GRAPH, GIVEN, name="again", record=record))
    trace = Runs(file).load("again")
    (lint, merge) = (find(trace.graph, name) for name in ("lint", "merge"))
    assert lint is not None
    assert merge is not None
    assert any("in an earlier process" in line for line in explanation(lint))
    assert not any("in an earlier process" in line for line in explanation(merge))
    assert (trace.state, trace.ended) == ("", "")


@pytest.mark.feature("S18")
def test_a_run_is_seen_by_another_process_while_it_goes_on(
    bench: Workbench, tmp_path: Path
) -> None:
    file, seen = tmp_path / "journal.sqlite3", list[str]()

    def look(event: Event) -> None:
        if isinstance(event, NodeStarted) and event.node == "merge":
            seen.append(bench.run("trace", "--journal", str(file)).out)

    journaled(file, "now", look)
    (told,) = seen
    assert "running: not all of it" in told
    assert "✓ lint" in told
    assert re.search(r"◦ merge +not ended", told)


COINS: list[int] = []


@node
async def coin(change: str) -> int:
    return COINS[-1] + len(change)


@node
async def doubled(coin: int) -> int:
    return 2 * coin


@node
async def same(change: str) -> int:
    return len(change)


@pytest.mark.feature("S15")
def test_two_runs_are_compared_down_to_the_node_that_deviated(cli: Cli, tmp_path: Path) -> None:
    file, graph = tmp_path / "journal.sqlite3", Graph([coin, doubled, same], {"change": str})
    for name, value in {"first": 1, "second": 1, "third": 2}.items():
        COINS.append(value)
        journaled(file, name, graph=graph)
    place = ("--journal", str(file))
    assert cli("trace", "second", "--against", "first", *place).out == ("both runs did the same\n")
    told = cli("trace", "third", "--against", "first", *place).out.splitlines()
    assert told[0].startswith("they part at coin differs in value: ")
    assert [line.split()[1] for line in told[1:]] == ["doubled"]
    assert cli("trace", "third", "--against", "none", *place).code == 2


def test_runs_of_a_journal_are_listed_newest_first(cli: Cli, journal: str) -> None:
    listed = cli("trace", "--list", "--journal", journal).out.splitlines()
    assert [line.split()[0] for line in listed] == ["two-killed", "one-done"]
    assert ["interrupted" in line for line in listed] == [True, False]
    assert all(line.endswith("abc") for line in listed)


@pytest.mark.feature("U14")
def test_a_node_of_a_run_in_the_journal_is_explained(cli: Cli, journal: str) -> None:
    told = cli("explain", "after", "--run", "one-done", "--journal", journal).out
    assert "ended      skipped: needs broken, which failed: ValueError: 1" in told
    assert "because    broken failed; a value was needed" in told


@pytest.mark.feature("U14")
def test_the_next_run_is_explained_although_there_was_one(
    bench: Workbench, journal: str, tmp_path: Path
) -> None:
    place = ("--path", str(tmp_path), "--journal", journal)
    told = bench.run("explain", "types", "--planned", *place).out
    assert told.startswith("the next run, as the settings have it\n")
    assert "gives to   merge, its outcome" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("three",), "no run 'three'; there are two-killed, one-done"),
        (("--journal", "nowhere.db"), "nowhere.db: no such file"),
    ],
)
def test_a_run_that_is_not_there_is_one_line(
    cli: Cli, journal: str, arguments: tuple[str, ...], said: str
) -> None:
    place = () if "--journal" in arguments else ("--journal", journal)
    ended = cli("trace", *arguments, *place)
    assert (ended.code, ended.err) == (2, f"reviewbot: {said}\n")


def test_a_place_where_nothing_ran_says_so(cli: Cli, tmp_path: Path) -> None:
    ended = cli("trace", "--path", str(tmp_path))
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "no run is kept" in ended.err


def test_what_is_no_journal_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"hello" * 400)
    ended = cli("trace", "--journal", str(tmp_path / "other.db"))
    assert (ended.code, ended.err.count("\n")) == (2, 1)


@pytest.mark.feature("S15", "U12")
@pytest.mark.parametrize("name", ["trace", "events"])
def test_the_published_schemas_are_schemas(cli: Cli, tmp_path: Path, name: str) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(cli("schema", name).out)
    checker = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([checker, "--check-metaschema", str(schema)], check=True, capture_output=True)
    if name == "trace":
        document = tmp_path / "trace.json"
        document.write_text(written(TRACE))
        call = (str(checker), "--schemafile", str(schema), str(document))
        subprocess.run(call, check=True, capture_output=True)
    assert json.loads(schema.read_text())["title"] in {"Trace", "Row"}
