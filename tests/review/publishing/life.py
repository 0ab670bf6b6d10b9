"""The pushes to one pull request, and what is done about each."""

from collections.abc import Iterable

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import (
    Actions,
    InlineComment,
    SubmitReview,
    WriteSummary,
)
from reviewbot.review.diff import Diff
from reviewbot.review.publishing import PublishPolicy, plan
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import (
    BYLINE,
    DIFF,
    NOTHING,
    caused,
    report,
    situation,
)

WORDS = GitHubWords()
QUIET = PublishPolicy(check_run=False, labels=False)
THREE = (caused(1), caused(2, path="other.py"), caused(3))


class Life:
    """The pushes to one pull request."""

    def __init__(self, policy: PublishPolicy = QUIET) -> None:
        self.forge = Forge(NOTHING)
        self._policy = policy
        self._push = -1

    def push(self, found: Report | Iterable[FindingRow], *, diff: Diff = DIFF) -> Actions:
        """A new head, and what is done about it."""
        self._push += 1
        self.forge.push()
        return self.again(found, diff=diff)

    def again(self, found: Report | Iterable[FindingRow], *, diff: Diff = DIFF) -> Actions:
        """The same head once more."""
        said = found if isinstance(found, Report) else report(found)
        here = situation(said, self.forge.posted, self._policy, push=self._push, diff=diff)
        done = plan(here, WORDS, BYLINE)
        self.forge.perform(done)
        return done

    @property
    def bodies(self) -> list[str]:
        """What comments say."""
        return [each.body for each in self.forge.posted.comments]


def inline(done: Actions) -> list[InlineComment]:
    return [each for step in done.steps if isinstance(step, SubmitReview) for each in step.comments]


def names(done: Actions) -> list[str]:
    return [type(each).__name__ for each in done.steps]


def places(done: Actions) -> list[str]:
    return list(done.places.values())


def summary(done: Actions) -> str:
    (written,) = [each for each in done.steps if isinstance(each, WriteSummary)]
    return written.body
