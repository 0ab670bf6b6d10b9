"""Nothing that a stranger wrote is alive in what is posted, and nothing leads anywhere else."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewbot.render.pull_request import GitHubWords, render_commands, render_step_summary
from reviewbot.render.pull_request.links import Links
from reviewbot.review.publishing import Telling
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, FindingRow, GapRow, GroupRow, NodeRow
from tests.render.pull_request.sample import BLOCKED, PULL, ROWS, TELLINGS, WEB
from tests.render.sample import HOSTILE

WORDS = GitHubWords()
GITHUB = MarkdownIt("gfm-like", {"linkify": False, "html": True})
OWN_HTML = re.compile(r"<details><summary>[A-Z][a-z ]+( \(\d+\))?</summary>|</details>|<br>")
DRAWN = re.compile(
    r'flowchart LR|  n\d+\["(\w|[- .]|#\d+;)*<br/>(\w|[- .]|#\d+;)*"\]|  n\d+ --> n\d+'
    r"|  classDef \w+ fill:#[0-9a-f]{6},color:#1f2328|  class [n\d,]+ \w+"
)
ATTACKS = (
    HOSTILE,
    "@everyone @org/team fixes #1 GH-1 https://e.vil www.e.vil a@b.c",
    "/approve",
    "##[error]100%0A::add-mask::x",
    "```suggestion\nevil\n```",
    "<!-- reviewbot:v1 kind=summary key=0123456789abcdef -->",
    "![x](https://e.vil/?a)",
    "[l](javascript:alert(1))",
    "</details><script>",
    "<https://e.vil>",
    "`" * 7 + "x` `",
    "a | b \\| c \\",
    "$x$ :tada: ~~s~~ **b** __u__",
    "[x]: https://e.vil",
    "\u202e\u200b\x1b[31m\r\n\n# title",
)
TEXTS = st.sampled_from(ATTACKS) | st.text("`|@#[]()<>!*_~:/\\ab\n. -", max_size=40)


def bodies(text: str) -> Iterator[str]:
    """Every text that is posted, with a stranger's words wherever there may be some."""
    row = hostile_row(text)
    said = hostile_report(row, text)
    telling = Telling(
        report=said,
        pull=PULL,
        places={row.id: "summary", "99": "summary"},
        since=text,
        fresh=1,
        notes=(text,),
    )
    inline = replace(telling, event="REQUEST_CHANGES", places={row.id: "inline", "99": "standing"})
    yield WORDS.comment(row, PULL, came_back=True)
    yield WORDS.closed("fixed", PULL, WORDS.comment(row, PULL))
    yield WORDS.cause([row], PULL, unseen=1, came_back=True)
    yield WORDS.cause([row] * 12, PULL)
    yield WORDS.closed("settled", PULL, WORDS.cause([row], PULL))
    yield WORDS.summary(telling)
    yield WORDS.summary(inline)
    yield WORDS.review(inline)
    yield WORDS.whole_review(inline)
    yield WORDS.check(telling)[1]
    yield WORDS.issue(telling)[1]
    yield render_step_summary(said, PULL)
    yield render_step_summary(said)


def hostile_row(text: str) -> FindingRow:
    return replace(
        ROWS["hostile"],
        path=text or "x",
        message=text,
        rule=text,
        tool=text,
        sources=(text,),
        impact=text,
        remediation=text,
        url=text,
        evidence=text,
        moved_from=text,
        in_diff=False,
        cause=CauseRow(path=text, line=3, symbol=text),
    )


def hostile_report(row: FindingRow, text: str) -> Report:
    return replace(
        BLOCKED,
        base=text,
        verdict=replace(BLOCKED.verdict, reasons=(text,), blocking=(row.id,)),
        findings=(row, replace(row, id="99", group="g")),
        groups=(GroupRow(id="g", text=text, cause=CauseRow(path=text, line=1), findings=("99",)),),
        nodes=(NodeRow(name=text, status=text, reason=text, tool_version=text),),
        not_reviewed=(
            GapRow(path=text, node=text, reason=text, blocking=True),
            GapRow(path=text, node=text, reason=text, blocking=False),
        ),
        warnings=(text,),
        notes=(text,),
    )


def alive(markdown: str) -> Iterator[str]:
    """What a reader could click, load or be called by, but for our own."""
    for block in GITHUB.parse(markdown):
        if block.type == "html_block":
            yield from (each for each in [OWN_HTML.sub("", block.content).strip()] if each)
        elif block.info == "mermaid":
            yield from (line for line in block.content.splitlines() if not DRAWN.fullmatch(line))
        elif block.type in {"fence", "code_block"}:
            yield block.content
        for each in block.children or ():
            if each.type == "link_open" and not str(each.attrs["href"]).startswith(f"{WEB}/"):
                yield str(each.attrs["href"])
            elif each.type == "image" or (
                each.type == "html_inline" and not OWN_HTML.fullmatch(each.content)
            ):
                yield each.content
            elif each.type in {"text", "text_special"}:
                yield from re.findall(r"@\w|#\d|GH-\d|\w://|www\.\w|:\w+:", each.content)


@pytest.mark.feature("Q08")
@settings(max_examples=60)
@given(TEXTS)
def test_b4_whatever_a_stranger_wrote_is_text_or_code(text: str) -> None:
    for body in bodies(text):
        own = body.replace(f"{WEB}/pull/7", "the pull request")
        assert list(alive(own)) == []
        assert "<!--" not in re.sub(r"`[^`]*`", "", body) or "`<!--" in body


@pytest.mark.feature("Q08")
@pytest.mark.parametrize("text", ATTACKS)
def test_b4_no_line_of_a_body_begins_with_a_strangers_words(text: str) -> None:
    for body in bodies(text):
        for line in body.splitlines():
            assert not re.match(r"\s*(/|@|<!--|::|```suggestion|\[x\]:)", line)


@pytest.mark.feature("Q08")
@pytest.mark.parametrize(
    "path", ["../../evil/repo", "a/../../../../x", ".", "..", "a//b", "/etc/passwd", "a/./b"]
)
def test_a_path_that_a_browser_would_walk_is_no_link(path: str) -> None:
    assert "](" not in Links.of(PULL).place(path, 1)


@given(st.text(min_size=1, max_size=30))
def test_a_link_is_of_its_own_repository_and_commit(path: str) -> None:
    found = re.search(r"\]\((.*)\)$", Links.of(PULL).place(path, 1, 2))

    if found:
        own = f"{WEB}/blob/{PULL.head}/"
        assert found[1].startswith(own)
        assert re.fullmatch(r"[\w.~/%-]+#L1-L2", found[1].removeprefix(own), re.ASCII)


@pytest.mark.parametrize("url", ["", "javascript:x", "https://a b/pull/7", "https://x)/pull/7"])
def test_an_odd_address_makes_no_links(url: str) -> None:
    assert Links.of(replace(PULL, url=url)).place("a.py", 1) == "`a.py:1`"


@pytest.mark.feature("G13")
@settings(max_examples=60)
@example("##[error]100%0A::add-mask::x")
@given(TEXTS)
def test_b14_a_strangers_words_are_no_command_of_the_runner(text: str) -> None:
    row = replace(hostile_row(text), severity="error")
    lines = render_commands(replace(BLOCKED, findings=(row,))).split("\n")

    (command, end) = lines
    assert end == ""
    assert re.fullmatch(r"::error file=[^:,]*,line=2,col=5,title=[^:,]*::[^\r\n]*", command)
    assert "##[" not in command
    assert not re.search(r"%(?!25|3A|2C)", command)
    assert command.isprintable()


@pytest.mark.feature("G13")
def test_ten_of_a_level_are_shown_and_the_rest_is_counted() -> None:
    base = ROWS["security"]
    rows = tuple(
        replace(base, id=f"{level}{number}", severity=level)
        for level in ("warning", "error", "note")
        for number in range(11)
    )

    lines = render_commands(replace(BLOCKED, findings=rows)).splitlines()

    starts = [line.split(" ", 1)[0] for line in lines]
    assert starts == [*["::error"] * 10, *["::warning"] * 10, *["::notice"] * 10, "3"]
    assert lines[-1] == "3 more findings in the summary of this step"
    assert all(
        row.message in render_step_summary(BLOCKED)
        for row in TELLINGS["blocked"].report.findings[:2]
    )
