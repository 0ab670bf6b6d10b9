"""One finding on its lines, and what is left of it when it is closed."""

import re
from collections.abc import Iterator

from reviewbot.render import wording
from reviewbot.render.inert import clipped, code, message, prose
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import ICONS
from reviewbot.review.publishing.replacement import Rewrite
from reviewbot.review.publishing.words import Closing
from reviewbot.review.rows import FindingRow

_LONGEST = 1500
_BACKTICKS = re.compile(r"`+")
_TITLE = re.compile(rf"^(?:{'|'.join(ICONS.values())}) \*\*.*\*\*$", re.MULTILINE)
_CLOSED = {
    "fixed": "✅ **Fixed** in {}.",
    "suppressed": "🔕 **Kept aside** since {}, with a reason beside it.",
    "existing": "↪️ **Not of this change** any longer: {} and its base both have it.",
    "settled": "☑️ **Nothing left** of this in {}: fixed, kept aside, or not of this change.",
    "repeated": "♻️ **Said twice** by mistake; the other comment is kept. ({})",
}


def comment(row: FindingRow, links: Links, rewrite: Rewrite | None, *, came_back: bool) -> str:
    """What is wrong, who says so, where it comes from, and what to do about it."""
    return "\n\n".join(_paragraphs(row, links, rewrite, came_back=came_back))


def _paragraphs(
    row: FindingRow, links: Links, rewrite: Rewrite | None, *, came_back: bool
) -> Iterator[str]:
    said = message(clipped(row.message, _LONGEST)) or "No message"
    yield f"{ICONS[row.severity]} **{said}**"
    yield " · ".join(_facts(row, links))
    if came_back:
        yield f"It was gone, and is back in {links.commit(links.head)}."
    yield from advice(row, rewrite)


def advice(row: FindingRow, rewrite: Rewrite | None = None) -> Iterator[str]:
    """Why it matters, and what to do about it."""
    if row.impact:
        yield f"**Why it matters:** {message(clipped(row.impact, _LONGEST))}"
    if row.remediation:
        yield f"**What helps:** {message(clipped(row.remediation, _LONGEST))}"
    if rewrite is not None:
        yield _suggestion(rewrite)
    elif row.suggestion is not None and row.suggestion.description and not row.remediation:
        yield f"**What helps:** {message(clipped(row.suggestion.description, _LONGEST))}"


def _facts(row: FindingRow, links: Links) -> Iterator[str]:
    yield from (code(clipped(each)) for each in row.sources or (f"{row.tool} {row.rule}",))
    if row.cwe is not None:
        yield f"CWE-{row.cwe}"
    if row.confidence == "low":
        yield "the tool is not sure"
    if row.cause is not None and not row.in_diff:
        yield f"caused by {links.place(row.cause.path, row.cause.line)}"
    if row.moved_from:
        yield prose(clipped(wording.moved(row)))


def _suggestion(rewrite: Rewrite) -> str:
    """A block that one click applies; its fence is longer than any inside."""
    text = "" if rewrite.text is None else f"{rewrite.text}\n"
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}suggestion\n{text}{fence}"


def closed(why: Closing, links: Links, said: str) -> str:
    """Why the comment no longer holds, then its old title struck through."""
    title = _TITLE.search(said.replace("\r\n", "\n"))
    told = _CLOSED[why].format(links.commit(links.head))
    return told if title is None else f"{told}\n\n~~{title[0]}~~"
