"""A run as OpenTelemetry spans, taken in by the real SDK."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from reviewbot.dag.running.events import Event
from reviewbot.dag.watching.spans import Spans
from tests.dag.test_weight import loaded
from tests.dag.trace.sample import OUTCOMES, events
from tests.dag.watching.program import ran

ZERO = 1_700_000_000_000_000_000


@dataclass(frozen=True)
class Exported:
    """What reached the exporter."""

    spans: tuple[ReadableSpan, ...]

    def __getitem__(self, name: str) -> ReadableSpan:
        (found,) = (span for span in self.spans if span.name == name)
        return found

    def parent_of(self, span: ReadableSpan) -> str:
        """The name of the parent."""
        return self.named(span.parent.span_id) if span.parent else ""

    def named(self, number: int) -> str:
        """The name of the span of this id."""
        (found,) = (s.name for s in self.spans if s.context and s.context.span_id == number)
        return found


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[Spans]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Spans(provider.get_tracer("reviewbot"), lambda: ZERO)
    provider.shutdown()


def told(spans: Spans, every: Iterator[Event]) -> None:
    for event in every:
        spans(event)


@pytest.mark.feature("S16")
def test_the_run_is_the_root_nodes_its_children_and_attempts_theirs(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    ran(spans)
    found = Exported(exporter.get_finished_spans())
    root = found["run small"]
    assert root.parent is None
    nodes = ("lint", "types", "broken", "after", "ask", "pack", "merge")
    assert {found.parent_of(found[name]) for name in nodes} == {"run small"}
    assert found.parent_of(found["pack/first"]) == "pack"
    assert found.parent_of(found["ask[a]"]) == "ask"
    tries = [span for span in found.spans if span.attributes and "dag.attempt" in span.attributes]
    of_types = [span.name for span in tries if found.parent_of(span) == "types"]
    assert of_types == ["types 1", "types 2", "ty 1"]
    assert len({span.context.trace_id for span in found.spans if span.context}) == 1


@pytest.mark.feature("S16")
def test_a_span_says_how_it_ended_and_links_to_what_it_needed(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    ran(spans)
    found = Exported(exporter.get_finished_spans())
    merge, broken, lint = found["merge"], found["broken"], found["lint"]
    assert {found.named(link.context.span_id) for link in merge.links} == {
        "lint",
        "types",
        "ask",
        "pack",
    }
    assert broken.status.status_code is StatusCode.ERROR
    assert broken.status.description == "ValueError: 1, attempt 1 of 1"
    assert merge.status.status_code is StatusCode.UNSET
    assert lint.attributes is not None
    assert lint.attributes["dag.status"] == "succeeded"
    assert lint.attributes["dag.spent.usd"] == 0.25
    after = found["after"].attributes or {}
    assert (after["dag.status"], after["dag.attempts"]) == ("skipped", 0)
    said = [event.name for span in found.spans for event in span.events]
    assert said == ["two files\n::error::not a command"]


@pytest.mark.feature("S16")
def test_times_are_those_of_the_run(spans: Spans, exporter: InMemorySpanExporter) -> None:
    told(spans, events())
    found = Exported(exporter.get_finished_spans())
    for name, outcome in OUTCOMES.items():
        span = found[name]
        assert span.start_time is not None
        assert span.end_time is not None
        begun, ended = (span.start_time - ZERO) / 1e9, (span.end_time - ZERO) / 1e9
        assert begun == pytest.approx(outcome.started, abs=1e-6)
        assert ended == pytest.approx(outcome.started + outcome.seconds, abs=1e-6)
    assert (found["run quick-fox"].end_time or 0) - ZERO == pytest.approx(8.3e9)


def test_every_span_that_was_begun_is_ended(spans: Spans, exporter: InMemorySpanExporter) -> None:
    told(spans, events())
    attempts = sum(len(outcome.attempts) for outcome in OUTCOMES.values())
    inside = 2 * 2 + 2 * 2  # two items and two inner nodes, of one attempt each
    assert len(exporter.get_finished_spans()) == 1 + len(OUTCOMES) + attempts + inside


@pytest.mark.feature("S16")
def test_nobody_pays_for_spans_but_those_who_ask_for_them() -> None:
    others = ("together", "hooks", "ndjson", "collecting", "groups", "live")
    modules = [f"reviewbot.dag.watching.{name}" for name in others]
    fresh = loaded("reviewbot.dag.runner", *modules, "reviewbot.dag.diagram.page")
    assert fresh.isdisjoint({"opentelemetry", "pydantic", "yaml", "jinja2"})
    assert "opentelemetry" in loaded("reviewbot.dag.watching.spans")
