"""The page about documents says all that can be said, and what it shows is true."""

import re
from pathlib import Path

import pytest

from reviewbot.dag.declare import allowed, sandbox, work
from reviewbot.dag.declare.entries import (
    BranchEntry,
    DocumentEntry,
    EachEntry,
    EdgeEntry,
    NodeEntry,
    RunEntry,
    WhenEntry,
)
from reviewbot.dag.declare.layers import from_environment
from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.policy_entries import (
    BackupEntry,
    BreakerEntry,
    CacheEntry,
    PolicyEntry,
    RetryEntry,
)
from reviewbot.dag.declare.reading import keys_of
from reviewbot.dag.failure import Route
from tests.dag.declare.world import REGISTRY

PAGE = (Path(__file__).parents[3] / "docs" / "declared-graphs.md").read_text(encoding="utf-8")
TEXTS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FORMS = (
    *(DocumentEntry, NodeEntry, PolicyEntry, RetryEntry, BackupEntry, BreakerEntry, CacheEntry),
    *(BranchEntry, EachEntry, EdgeEntry, RunEntry, WhenEntry),
)


@pytest.mark.parametrize("form", FORMS)
def test_every_key_stands_on_the_page(form: type) -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    assert set(keys_of(form)) - words == set()


def test_every_filter_test_and_route_stands_on_the_page() -> None:
    spoken = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert set(allowed.FILTERS) <= spoken
    assert {name for name in allowed.TESTS if name.isalpha()} <= spoken
    assert {route.value.replace(" ", "_") for route in Route} <= spoken


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_document_on_the_page_is_one(text: str) -> None:
    assert len(load(text, REGISTRY).graph.nodes) == 4


def test_the_origin_of_a_value_is_shown_as_it_is() -> None:
    overrides = from_environment({"GRAPH__NODES__LINT__TIMEOUT": "90s"}, "GRAPH")
    origin = load(TEXTS[0], REGISTRY, overrides=overrides).origins["nodes.lint.timeout"]
    assert f'# "{origin}"' in PAGE


def test_the_limits_are_those_of_the_page() -> None:
    assert f"a text of {allowed.LONGEST_TEXT:,} characters" in PAGE
    assert f"a number of {sandbox.MOST_BITS:,} bits" in PAGE
    assert work.MOST == 1_000_000
    assert "a million steps" in PAGE
