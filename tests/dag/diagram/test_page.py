"""The page of a run: one file, nothing alive in it but its own script, and a browser draws it."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.diagram.page import page
from reviewbot.dag.diagram.walk import steps
from reviewbot.dag.trace.document import NodeTrace, OutcomeTrace, Section, Trace
from tests.dag.trace.sample import HOSTILE, TRACE

CHROMIUM = shutil.which("chromium") or ""


class Elements(HTMLParser):
    """What a browser would make of a page: its elements, and the text of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found.append((tag, given))
        self._inside = given.get("id") or tag

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style", "data", "title"}:
            self.texts[self._inside] = self.texts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's own
        self._inside = ""

    @property
    def tags(self) -> list[str]:
        """The elements in order."""
        return [tag for tag, _ in self.found]


EMPTY = Elements(page(Trace(graph=Section()))).tags


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.feature("S17")
def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script() -> None:
    text = page(TRACE)
    made = Elements(text)
    (policy,) = (given["content"] for tag, given in made.found if given.get("http-equiv"))
    style, script = made.texts["style"], made.texts["script"]
    assert policy == f"default-src 'none'; style-src {sha(style)}; script-src {sha(script)}"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script + style)
    assert not any("src" in given or "href" in given for _, given in made.found)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


@pytest.mark.feature("S17")
@given(st.text(), st.text())
def test_no_name_and_no_reason_becomes_an_element(name: str, reason: str) -> None:
    hostile = OutcomeTrace(status="failed", reason=reason + HOSTILE)
    trace = Trace(graph=Section(nodes=(NodeTrace(name=name + HOSTILE, outcome=hostile),)), run=name)
    made = Elements(page(trace))
    assert made.tags == EMPTY
    read = json.loads(made.texts["data"])
    assert [step["path"].endswith("|") for step in read["steps"]] == [True]


def in_browser(trace: Trace, folder: Path, fragment: str = "") -> str:
    """The page's document as Chromium has it once the script ran."""
    file = folder / "page.html"
    file.write_text(page(trace), encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update"),
            *(f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--dump-dom"),
            "--virtual-time-budget=20000",
            f"{file.as_uri()}{fragment}",
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert "CONSOLE" not in done.stderr
    return done.stdout


def attributes(document: str, name: str) -> list[Any]:
    return [html.unescape(each) for each in re.findall(rf'{name}="([^"]*)"', document)]


@pytest.mark.optional
@pytest.mark.skipif(not CHROMIUM, reason="chromium is missing")
def test_a_browser_draws_every_step_and_the_state_at_a_moment(tmp_path: Path) -> None:
    document = in_browser(TRACE, tmp_path, "#at=1.2&node=triage%5Bb.py%5D")
    rows = re.findall(r'<div class="row [^"]*"[^>]*data-path="([^"]*)"', document)
    assert {html.unescape(each) for each in rows} == {step.path for step in steps(TRACE.graph)}
    boxes = {
        path: classes.split()[1]
        for path, classes in re.findall(r'<g [^>]*data-path="([^"]*)" class="([^"]*)"', document)
    }
    assert boxes["lint"] == "succeeded"
    assert boxes["types"] == "working"
    assert boxes["merge"] == "waiting"
    assert "1.20 s of 8.30 s" in document
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in document
    assert "<img" not in document
    assert "critical" in " ".join(attributes(document, "class"))


@pytest.mark.optional
@pytest.mark.skipif(not CHROMIUM, reason="chromium is missing")
def test_a_replay_plays_to_the_end_of_the_run(tmp_path: Path) -> None:
    document = in_browser(TRACE, tmp_path, "#at=0&play")
    assert "8.30 s of 8.30 s" in document
    assert re.search(r'id="play"[^>]*>▶<', document)
    standing = re.search(r'<g [^>]*data-path="merge" class="node (\w+)"', document)
    assert standing is not None
    assert standing[1] == "succeeded"
    still = in_browser(TRACE, tmp_path, "#at=0")
    assert "0.0 ms of 8.30 s" in still
