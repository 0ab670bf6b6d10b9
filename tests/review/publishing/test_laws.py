"""Whatever is pushed: every finding is said in one place, and in no second comment, ever."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import Actions, SubmitReview
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing import Byline, PublishPolicy, plan
from reviewbot.review.publishing.causes import memory_of
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow, GapRow, NodeRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import (
    HEADS,
    NOTHING,
    SEVERITIES,
    caused,
    ident,
    report,
    row,
    situation,
)

WORDS = GitHubWords()
SHOWN = range(1, 44)
NODES = ("lint", "types")
SAID = re.compile(r"finding (\d+)\b")
NUMBERS = st.integers(0, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a review finds on a head, and which comment a person deletes before it."""

    head: int
    found: Report
    unseen: frozenset[str]
    deletes: int | None


@st.composite
def rows(draw: st.DrawFn, number: int) -> FindingRow:
    """A finding on a line of the change, beyond it, or caused by one of a few of its lines."""
    severity = draw(st.sampled_from(SEVERITIES))
    kind = draw(st.sampled_from(("own", "beyond", "far", "caused", "caused", "caused", "shown")))
    made = {
        "own": row(number, severity, line=number + 1),
        "beyond": row(number, severity, line=900 + number),
        "far": row(number, severity, path="untouched.py"),
    }.get(kind)
    if made is None:
        made = caused(
            number,
            severity,
            path="a.py" if kind == "shown" else draw(st.sampled_from(("far.py", "other.py"))),
            at=draw(st.sampled_from((5, 9, 900))),
            symbol=draw(st.sampled_from(("", "area", "area", "total"))),
        )
        made = replace(made, group=draw(st.sampled_from(("g", None))))
    return replace(made, node=NODES[number % 2])


@st.composite
def pushes(draw: st.DrawFn) -> Push:
    """Some findings, by nodes of which any may have failed."""
    numbers = draw(st.lists(NUMBERS, unique=True, max_size=10))
    unseen = frozenset(draw(st.sampled_from(((), (), (), ("lint",), NODES))))
    every = [made for each in numbers if (made := draw(rows(each))).node not in unseen]
    found = report(
        every,
        blocking=[int(each.id[:8], 16) for each in every if each.severity == "error"],
        gaps=[GapRow(path=None, node=each, reason="odd", blocking=True) for each in unseen],
    )
    nodes = (
        NodeRow(name=each, status="failed" if each in unseen else "succeeded") for each in NODES
    )
    return Push(
        head=draw(st.integers(0, 6)),
        found=replace(found, nodes=tuple(nodes)),
        unseen=unseen,
        deletes=draw(st.none() | st.none() | st.integers(0, 5)),
    )


def listed(comment: PostedComment) -> set[str]:
    """Ids of the findings that an open comment tells."""
    return set() if comment.closed else {ident(int(each)) for each in SAID.findall(comment.body)}


def is_waiting(comment: PostedComment, push: Push) -> bool:
    """Whether nobody looked for something that a comment is about."""
    memory = memory_of(comment)
    about = {comment.marker.key[:8]} if memory is None else memory.current
    return any(NODES[int(each, 16) % 2] in push.unseen for each in about)


def assert_said_once(done: Actions, push: Push, forge: Forge) -> None:
    """Each finding is in the one place that is reported, and nothing else is in a comment."""
    told = Counter(each for comment in forge.posted.comments for each in listed(comment))
    here = {each.id: each for each in push.found.findings}
    assert done.places.keys() == here.keys()
    for identity, place in done.places.items():
        assert told[identity] == (place != "summary"), (identity, place)
    for comment in forge.posted.comments:
        assert listed(comment) <= here.keys() or is_waiting(comment, push)
        assert is_waiting(comment, push) or "nobody looked" not in comment.body or comment.closed


def assert_fits(done: Actions, policy: PublishPolicy) -> None:
    """New comments are on lines that are shown, and no more than the policy allows."""
    new = [each for step in done.steps if isinstance(step, SubmitReview) for each in step.comments]
    assert len(new) <= policy.most_inline
    for each in new:
        assert each.anchor.path == "a.py"
        assert each.anchor.line in SHOWN


def delete(forge: Forge, push: Push, reviewed: Mapping[str, str]) -> None:
    """A person deletes one of our comments, as it came with its review."""
    every = forge.posted.comments
    whole = [each for each in every if each.body == reviewed.get(each.marker.key)]
    if push.deletes is not None and whole:
        gone = whole[push.deletes % len(whole)]
        forge.posted = replace(forge.posted, comments=tuple(each for each in every if each != gone))


def in_reviews(done: Actions) -> Mapping[str, str]:
    """Key → body of the comments that come with a review."""
    reviews = (each for each in done.steps if isinstance(each, SubmitReview))
    return {each.key: each.body for review in reviews for each in review.comments}


@pytest.mark.feature("G09")
@settings(max_examples=60)
@given(st.lists(pushes(), min_size=1, max_size=8), st.sampled_from((1, 3, 20)))
def test_each_finding_is_in_one_place_and_in_no_second_comment_ever(
    history: list[Push], inline: int
) -> None:
    forge = Forge(NOTHING)
    policy = PublishPolicy(inline=inline, check_run=False, labels=False)
    ever: Mapping[str, set[int]] = defaultdict(set)
    reviewed: dict[str, str] = {}
    for run, push in enumerate(history, 1):
        delete(forge, push, reviewed)
        forge.push()
        byline = Byline(run=run)
        here = situation(push.found, forge.posted, policy, push=push.head)
        done = plan(here, WORDS, byline)
        forge.perform(done)
        reviewed |= in_reviews(done)

        assert_fits(done, policy)
        assert_said_once(done, push, forge)
        for comment in forge.posted.comments:
            for each in listed(comment):
                ever[each].add(comment.id)
        assert all(len(each) == 1 for each in ever.values()), ever
        assert plan(replace(here, posted=forge.posted), WORDS, byline).steps == ()
    keys = Counter(each.marker.key for each in forge.posted.comments)
    assert max(keys.values(), default=0) <= 1
    assert all(HEADS.index(each.marker.head) <= 6 for each in forge.posted.comments)
