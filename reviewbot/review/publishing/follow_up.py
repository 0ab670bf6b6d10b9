"""What follows a verdict: labels, the author, an issue, the merge."""

from collections.abc import Iterator

from reviewbot.review.actions import Action, AssignAuthor, EnableMerge, OpenIssue, SetLabels
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.verdict import Level

PREFIX = "reviewbot: "
_LABELS = {
    Level.PASS: f"{PREFIX}clean",
    Level.WARNING: f"{PREFIX}warning",
    Level.BLOCKING: f"{PREFIX}blocking",
    Level.INCOMPLETE: f"{PREFIX}incomplete",
}


def labels(situation: Situation) -> SetLabels | None:
    """One label of ours for the level; nobody else's is touched. None when it is there alone."""
    wanted = _LABELS[Level(situation.report.verdict.level)]
    there = situation.posted.labels
    stale = tuple(each for each in there if each.startswith(PREFIX) and each != wanted)
    if wanted in there and not stale:
        return None
    return SetLabels(add=() if wanted in there else (wanted,), remove=stale)


def follow_ups(draft: Draft) -> Iterator[Action]:
    """The follow-ups of this run.

    A block is followed up once: when it is given, or by a second run on the same head that
    finishes the first one. What somebody undid later stays undone.
    """
    situation = draft.situation
    policy, pull = situation.policy, situation.pull
    if policy.labels and (wanted := labels(situation)) is not None:
        yield wanted
    blocks = draft.opinion.event == "REQUEST_CHANGES"
    if blocks and (draft.submitted == "REQUEST_CHANGES" or situation.spoken):
        if policy.assign_author and not pull.author_is_bot:
            yield AssignAuthor(login=pull.author)
        if policy.open_issue:
            yield _issue(draft)
    if policy.merge and draft.submitted == "APPROVE":
        yield EnableMerge(head=pull.head)


def _issue(draft: Draft) -> OpenIssue:
    """The one issue of a pull request."""
    marker = draft.marker("issue", draft.situation.key("issue"))
    title, text = draft.words.issue(draft.telling)
    return OpenIssue(key=marker.key, title=title, body=draft.byline.signed(marker, text))
