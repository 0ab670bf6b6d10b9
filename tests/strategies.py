"""Changes, findings and outcomes for laws: small enough to read, mean enough to meet every case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

from reviewbot.review.analysis import Analysis, Coverage, NotReviewed, TestReport
from reviewbot.review.finding import Confidence, Finding, Location, Severity
from reviewbot.testing.fakes.texts import Texts

_LINES = ("import os", "x = 1", "x  =  1", "eval(text)", "return area(2)", "pass", "")
_RULES = ("F401", "F821", "name-defined", "B602", "suppression")
_MESSAGES = ("too complex (13 > 10)", "too complex (14 > 10)", "unused `os`", 'bad "area"')
_PATHS = ("a.py", "b.py", "README.md", "deploy.yml")
_STATUSES = ("succeeded", "cached", "rerouted", "fell back", "partial")
_LOST = ("failed", "timed out", "skipped", "cancelled")
NODES = {"lint": "ruff", "types": "mypy", "security": "bandit", "tests": "pytest"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An outcome as the engine gives it."""

    node: str
    status: str
    value: Analysis | None = None
    reason: str = ""


class _Part(NamedTuple):
    """What a finding says, apart from where."""

    place: int
    rule: str
    message: str
    severity: Severity
    confidence: Confidence
    symbol: str
    cwe: int | None
    whole: bool


# Built once: hypothesis spends more on making strategies than on drawing from them.
_SEVERAL = st.lists(
    st.builds(
        _Part,
        place=st.integers(0, 40),
        rule=st.sampled_from(_RULES),
        message=st.sampled_from(_MESSAGES),
        severity=st.sampled_from(Severity),
        confidence=st.sampled_from(Confidence),
        symbol=st.sampled_from(("", "f")),
        cwe=st.sampled_from((None, 78)),
        whole=st.sampled_from((False,) * 9 + (True,)),
    ),
    max_size=6,
)


def lost(outcome: Settled, status: str = "failed") -> Settled:
    """The same node, had it not answered."""
    return Settled(node=outcome.node, status=status, reason="exit code 2")


def files() -> st.SearchStrategy[dict[str, str]]:
    """One side of a change."""
    text = st.lists(st.sampled_from(_LINES), max_size=6).map(lambda lines: "\n".join((*lines, "")))
    return st.dictionaries(st.sampled_from(_PATHS), text, max_size=3)


@st.composite
def texts(draw: st.DrawFn) -> Texts:
    """Two sides, sometimes with a rename."""
    before, after = draw(files()), draw(files())
    renames = {}
    if "a.py" in before and "a.py" not in after and draw(st.booleans()):
        after["moved.py"] = before["a.py"] + draw(st.sampled_from(("", "x = 1\n")))
        renames = {"moved.py": "a.py"}
    return Texts(before=before, after=after, renames=renames)


@st.composite
def findings(draw: st.DrawFn, side: dict[str, str], node: str = "lint") -> tuple[Finding, ...]:
    """Findings of one node on the lines of one side, sorted as parsers sort them."""
    places = [
        (path, number, line)
        for path, text in side.items()
        for number, line in enumerate(text.split("\n"), 1)
    ]
    if not places:
        return ()
    found = [_finding(node, *places[part.place % len(places)], part) for part in draw(_SEVERAL)]
    return tuple(sorted(found, key=lambda each: each.sort_key))


def _finding(node: str, path: str, line: int, source: str, part: _Part) -> Finding:
    return Finding(
        node=node,
        tool=NODES[node],
        rule=part.rule,
        message=part.message,
        severity=part.severity,
        confidence=part.confidence,
        location=Location(path=path, line=None if part.whole else line),
        symbol=part.symbol,
        source="" if part.whole else source,
        text="" if part.whole else source,
        cwe=part.cwe,
    )


@st.composite
def analyses(draw: st.DrawFn, change: Texts, node: str = "lint") -> Analysis:
    """What one node says of a change; sometimes it lost a file, or the base."""
    before, after = dict(change.before), dict(change.after)
    read = draw(st.lists(st.sampled_from(sorted(after)), unique=True)) if after else []
    unread = [path for path in sorted(after) if path not in read]
    configured = draw(st.booleans())
    return Analysis(
        tool=NODES[node],
        tool_version="1",
        head=draw(findings(after, node)),
        base=draw(st.none() | findings(before, node)),
        configured=draw(findings(after, node)) if configured else (),
        configuration="pyproject.toml" if configured else "",
        hidden_head=draw(findings(after, node)),
        hidden_base=draw(findings(before, node)),
        coverage=Coverage(
            analyzed=tuple(read),
            not_reviewed=tuple(NotReviewed(path=path, reason="it is odd") for path in unread),
        ),
        tests=draw(
            st.none() | st.builds(TestReport, total=st.just(3), selected=st.just(("t.py",)))
        ),
    )


@st.composite
def outcomes(draw: st.DrawFn, change: Texts) -> tuple[Settled, ...]:
    """How the four nodes ended."""
    return tuple(draw(_outcome(change, node)) for node in NODES)


@st.composite
def _outcome(draw: st.DrawFn, change: Texts, node: str) -> Settled:
    if draw(st.integers(0, 3)) == 0:
        return Settled(node=node, status=draw(st.sampled_from(_LOST)), reason="exit code 2")
    status = draw(st.sampled_from(_STATUSES))
    return Settled(
        node=node,
        status=status,
        value=draw(analyses(change, node)),
        reason="" if status in {"succeeded", "cached"} else "mypy is missing",
    )


def entering(settled: Sequence[Settled]) -> tuple[Finding, ...]:
    """Every finding of a head that enters a merge."""
    return tuple(
        finding
        for each in settled
        if each.value is not None
        for finding in (*each.value.head, *each.value.configured, *each.value.hidden_head)
    )
