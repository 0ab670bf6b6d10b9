"""What is left of a comment, and how a suggestion is fenced."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.publishing.replacement import Rewrite
from tests.render.pull_request.sample import PULL, ROWS

WORDS = GitHubWords()


@pytest.mark.feature("G10")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_closed_comment_says_what_it_was_about_and_that_title_alone(end: str) -> None:
    said = WORDS.comment(ROWS["security"], PULL, came_back=True).replace("\n", end)

    closed = WORDS.closed("fixed", PULL, said)

    assert closed.startswith("✅ **Fixed** in [`a1b2c3d`]")
    assert closed.splitlines()[2:] == [f"~~🔴 **{ROWS['security'].message}**~~"]


def test_what_was_closed_before_the_body_could_be_read_says_only_that() -> None:
    assert "~~" not in WORDS.closed("fixed", PULL, "")


@pytest.mark.feature("G05")
@given(st.none() | st.text("`~ab \n\t", max_size=40))
def test_a_suggestion_is_one_block_that_holds_its_lines(text: str | None) -> None:
    body = WORDS.comment(ROWS["suggested"], PULL, rewrite=Rewrite(first=1, last=2, text=text))

    fences = [each for each in MarkdownIt().parse(body) if each.type == "fence"]

    (block,) = fences
    assert block.info == "suggestion"
    assert block.content == ("" if text is None else f"{text}\n")
    assert not re.search(r"\S", body.rpartition(block.markup)[2])
