"""``reviewbot trace`` and ``explain``: a run that is kept, in every form, and one node of it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.cli.traces import KEPT, Shelf, read_trace
from reviewbot.dag.trace.document import Section, Trace
from reviewbot.dag.trace.text import written
from reviewbot.errors import UsageError
from tests.dag.trace.sample import TRACE
from tests.e2e.workbench import Workbench


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench.create(tmp_path_factory.mktemp("bench") / "bin")


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = tmp_path / "trace.json"
    made.write_text(written(TRACE), encoding="utf-8")
    return str(made)


@pytest.mark.feature("S15")
def test_a_trace_in_a_file_is_shown_as_text(bench: Workbench, file: str) -> None:
    ended = bench.run("trace", file)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "run quick-fox of 2026-11-21T02:00:00+00:00"
    assert sum("types" in line and "◀ rerouted: ty answered" in line for line in lines) == 1
    assert "critical path 8.250 s: types > merge; bottleneck types" in lines
    assert "speed-up 1.56 of 1.57 x" in ended.out


@pytest.mark.feature("S17")
def test_what_a_node_said_steers_neither_terminal_nor_log(bench: Workbench, file: str) -> None:
    for form in ("text", "mermaid", "dot", "json", "chrome"):
        told = bench.run("trace", file, "--format", form).out
        assert "\x1b" not in told
        assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    assert 'onerror=alert(1)> \\x1b[31m"quoted"\\n::error::' in bench.run("trace", file).out


@pytest.mark.feature("S17")
def test_every_form_goes_to_a_file_when_asked_to(
    bench: Workbench, file: str, tmp_path: Path
) -> None:
    for form, start in {"html": "<!doctype html>", "json": "{", "chrome": '{"traceEvents"'}.items():
        target = tmp_path / f"out.{form}"
        ended = bench.run("trace", file, "--format", form, "-o", str(target))
        assert (ended.code, ended.out) == (0, "")
        assert target.read_text(encoding="utf-8").startswith(start)
    assert read_trace(tmp_path / "out.json") == TRACE


@pytest.mark.feature("U14")
def test_a_node_of_a_run_is_explained(bench: Workbench, file: str) -> None:
    told = bench.run("explain", "types", "--run", file).out
    assert "because    the input change was given" in told
    assert "2 by types, 3.500 to 6.500 s, after a wait of 0.500 s: failed: TimeoutError" in told
    assert "answered   ty, instead of types" in told
    assert "on the critical path, its bottleneck: types > merge" in told
    assert "merge continued with it" in told
    audit = bench.run("explain", "audit", "--run", file).out
    assert "because    security timed out; a value was needed" in audit
    item = bench.run("explain", "triage[a.py]", "--run", file).out
    assert "made of    change/1" in item
    assert "pack/second\n" in bench.run("explain", "pack/second", "--run", file).out


@pytest.mark.feature("U14")
def test_a_name_that_is_unknown_gives_the_nearest(bench: Workbench, file: str) -> None:
    ended = bench.run("explain", "typos", "--run", file)
    assert ended.code == 2
    assert "no node 'typos'; did you mean 'types'?" in ended.err


@pytest.mark.feature("U14")
def test_before_any_run_a_node_says_what_would_keep_it_from_running(
    bench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / ".reviewbot.yml").write_text("analyses: {tests: {enabled: false}}\n")
    told = bench.run("explain", "merge", "--path", str(tmp_path)).out.splitlines()
    assert told[0] == "nothing has run yet"
    assert "  needs      the input change" in told
    assert "             lint, its outcome, whatever it is" in told
    assert "  skipped    never because another node failed" in told
    decide = bench.run("explain", "decide", "--path", str(tmp_path)).out
    assert "skipped    when there is no value of merge" in decide
    off = bench.run("explain", "tests", "--path", str(tmp_path)).out
    assert "runs       not: configuration: switched off at .reviewbot.yml:1" in off


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "its schema is not stated"),
        ("[]", "its schema is not stated"),
        ("[" * 100_000, "its schema is not stated"),
        ('{"schema": "reviewbot.trace/9"}', "its schema is reviewbot.trace/9, not"),
        ('{"schema": "reviewbot.trace/1"}', "graph: "),
        ('{"schema": "reviewbot.trace/1", "graph": {"nodes": [{}]}}', "graph.nodes.0.name"),
    ],
)
def test_what_is_no_trace_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "trace.json"
    file.write_text(content)
    with pytest.raises(UsageError) as refused:
        read_trace(file)
    assert said in refused.value.message


def test_a_file_that_is_not_there_is_a_line_and_not_a_bug(bench: Workbench) -> None:
    ended = bench.run("trace", "nowhere.json")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "No such file" in ended.err


def moment(second: int) -> Trace:
    return Trace(graph=Section(), began=f"2026-11-21T02:{second // 60:02}:{second % 60:02}+00:00")


@pytest.mark.feature("S17")
def test_kept_traces_are_listed_newest_first_and_the_oldest_go(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "traces")
    for second in range(KEPT + 3):
        assert shelf.keep(moment(second))
    assert len(shelf.names) == KEPT
    assert shelf.names[0] == f"2026-11-21T0200{KEPT + 2}"
    assert shelf.load(shelf.names[0]) == moment(KEPT + 2)
    assert shelf.load("2026-11-21T020003") == moment(3)


def test_runs_of_one_second_do_not_replace_one_another(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    names = [shelf.keep(replace(TRACE, run=run)) for run in ("a", "b", "c")]
    assert [shelf.load(f"{name}").run for name in names[1:]] == ["b", "c"]
    with pytest.raises(UsageError, match="several runs begin with"):
        shelf.load("2026")
    with pytest.raises(UsageError, match="no run 'x'"):
        shelf.load("x")


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert Shelf(blocked / "traces").keep(TRACE) == ""


@pytest.mark.feature("S15", "U12")
@pytest.mark.parametrize("name", ["trace", "events"])
def test_the_published_schemas_are_schemas(bench: Workbench, tmp_path: Path, name: str) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(bench.run("schema", name).out)
    checker = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([checker, "--check-metaschema", str(schema)], check=True, capture_output=True)
    if name == "trace":
        document = tmp_path / "trace.json"
        document.write_text(written(TRACE))
        call = (str(checker), "--schemafile", str(schema), str(document))
        subprocess.run(call, check=True, capture_output=True)
    assert json.loads(schema.read_text())["title"] in {"Trace", "Row"}
