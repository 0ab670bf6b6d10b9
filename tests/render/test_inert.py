"""What comes from a stranger is shown, and does nothing."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewbot.render import View, render_json, render_markdown, render_terminal
from reviewbot.render.inert import code, message, prose
from reviewbot.render.view import printable
from tests.render.sample import HOSTILE, REPORT

TEXTS = st.text(max_size=80) | st.text("`|@#[]()<>!*_~:/\\ab\n ", max_size=60)
GITHUB = MarkdownIt("gfm-like", {"linkify": False})
ALIVE = {"link_open", "image", "html_inline", "html_block", "s_open", "em_open", "strong_open"}


def _tokens(markdown: str) -> set[str]:
    found = set()
    for block in GITHUB.parse(markdown):
        found.add(block.type)
        found.update(each.type for each in block.children or ())
    return found


@given(TEXTS)
def test_printable_text_is_one_line_that_steers_nothing(text: str) -> None:
    shown = printable(text)

    assert shown.isprintable()
    assert shown.encode("utf-8").decode() == shown


@given(TEXTS, st.sampled_from(["x {}", "- {}", "{}", "| {} |", "x<br>{}"]))
def test_b4_prose_renders_as_text_alone(text: str, frame: str) -> None:
    own = _tokens(frame.format("x"))

    assert _tokens(frame.format(prose(text) or "x")) <= own | {"text_special"}
    assert not re.search(r"@\w|#\d|://|www\.", _text(frame.format(prose(text))))


@given(TEXTS, st.sampled_from(["x {}", "- {}", "| {} |", "**{}**"]))
def test_b4_a_message_renders_as_text_and_code_alone(text: str, frame: str) -> None:
    own = _tokens(frame.format("x"))

    rendered = frame.format(message(text) or "x")

    assert _tokens(rendered) <= own | {"text_special", "code_inline"}
    assert not re.search(r"@\w|#\d|://|www\.", _text(rendered))


def test_what_a_message_quotes_in_backticks_is_code() -> None:
    assert message("`os` imported but unused, see `a|b`") == "`os` imported but unused, see `a\\|b`"
    assert message("an `odd one") == "an &#96;odd one"


@given(TEXTS)
def test_b4_code_renders_as_one_code_span(text: str) -> None:
    (paragraph,) = [each for each in GITHUB.parse(f"x{code(text)}x") if each.type == "inline"]

    assert [each.type for each in paragraph.children or ()] == ["text", "code_inline", "text"]


def test_b4_a_hostile_report_has_nothing_alive_in_markdown() -> None:
    rendered = render_markdown(View(report=REPORT, sentence=HOSTILE, everything=True))
    own = rendered.replace("<details><summary>What ran</summary>", "").replace("</details>", "")

    assert not _tokens(own.replace("<br>", " ")) & (ALIVE - {"strong_open"})
    assert not re.search(r"@\w|#\d|://", _text(own))


def _text(markdown: str) -> str:
    """What a reader sees outside code spans: where mentions and links are looked for."""
    return " ".join(
        each.content
        for block in GITHUB.parse(markdown)
        for each in block.children or ()
        if each.type in {"text", "text_special"}
    )


def test_b14_a_hostile_report_cannot_steer_the_terminal() -> None:
    rendered = render_terminal(View(report=REPORT, sentence=HOSTILE, everything=True))

    assert all(line.isprintable() for line in rendered.splitlines())
    assert not any(line.lstrip().startswith("::") for line in rendered.splitlines())


@pytest.mark.parametrize("everything", [False, True])
def test_json_is_one_clean_document_that_counts_what_it_does_not_show(*, everything: bool) -> None:
    rendered = render_json(View(report=REPORT, sentence=HOSTILE, everything=everything))
    found = json.loads(rendered.encode("utf-8"))

    shown = {each["change"] for each in found["findings"]}
    assert shown == ({"introduced", "existing", "fixed"} if everything else {"introduced"})
    assert found["counts"] == {"introduced": 4, "existing": 1, "fixed": 1}
