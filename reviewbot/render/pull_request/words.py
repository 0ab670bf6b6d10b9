"""Everything that is posted, in GitHub's Markdown."""

from collections.abc import Sequence

from reviewbot.render.inert import clipped, message
from reviewbot.render.pull_request import whole
from reviewbot.render.pull_request.cause import cause
from reviewbot.render.pull_request.comment import closed, comment
from reviewbot.render.pull_request.fitting import fitted, part
from reviewbot.render.pull_request.links import Links
from reviewbot.render.pull_request.phrases import headline, tally
from reviewbot.render.view import printable
from reviewbot.review.publishing.replacement import Rewrite
from reviewbot.review.publishing.situation import introduced
from reviewbot.review.publishing.words import ROOM, Closing, Telling, Withdrawal
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.rows import FindingRow

_LONGEST_TITLE = 120
_WITHDRAWN = {
    "superseded": "This approval was of an earlier commit; the review of {} takes its place.",
    "resolved": "Nothing that this was about blocks at {} any longer.",
    "weaker": "This approval was of an earlier commit; {} is not approved.",
}


class GitHubWords:
    """Words for GitHub; see the protocol for what each is."""

    def comment(
        self,
        row: FindingRow,
        pull: PullRequest,
        *,
        rewrite: Rewrite | None = None,
        came_back: bool = False,
    ) -> str:
        """A finding on its lines or on its file."""
        return comment(row, Links.of(pull), rewrite, came_back=came_back)

    def cause(
        self,
        rows: Sequence[FindingRow],
        pull: PullRequest,
        *,
        unseen: int = 0,
        came_back: bool = False,
    ) -> str:
        """What one line of the change causes elsewhere."""
        return cause(rows, Links.of(pull), unseen=unseen, came_back=came_back)

    def closed(self, why: Closing, pull: PullRequest, said: str) -> str:
        """A comment that no longer holds."""
        return closed(why, Links.of(pull), said)

    def review(self, telling: Telling) -> str:
        """Above the comments of a review."""
        return whole.review(telling)

    def whole_review(self, telling: Telling) -> str:
        """The same with what the comments say."""
        return whole.whole_review(telling)

    def summary(self, telling: Telling) -> str:
        """The sticky summary."""
        return whole.summary(telling)

    def withdrawal(self, why: Withdrawal, head: str) -> str:
        """Why an own block or approval is taken back."""
        return _WITHDRAWN[why].format(head[:7])

    def check(self, telling: Telling) -> tuple[str, str]:
        """Title and summary of the check run."""
        found = f"{tally(introduced(telling.report))} introduced"
        state = "" if telling.report.verdict.complete else ", the review is incomplete"
        return f"{found}{state}", whole.full(telling.report, telling.pull, ROOM)

    def annotation(self, row: FindingRow) -> tuple[str, str]:
        """Title and message of an annotation."""
        title = clipped(printable(f"{row.tool} {row.rule}"), _LONGEST_TITLE)
        return title, clipped(printable(row.message), 2000) or "No message"

    def issue(self, telling: Telling) -> tuple[str, str]:
        """Title and body of a follow-up issue: the blocking findings as a list to tick off."""
        report, pull = telling.report, telling.pull
        links, blocking = Links.of(pull), set(report.verdict.blocking)
        rows = [each for each in introduced(report) if each.id in blocking]
        where = f"{links.web}/pull/{pull.number}" if links.web else f"pull request {pull.number}"
        head = (part(f"**{headline(report)}** on {where}", ""),)
        found = (part(_task(each, links), findings=1) for each in rows)
        title = f"Pull request {pull.number}: {tally(rows)} to fix"
        return title, fitted(head, found, (), ROOM)


def _task(row: FindingRow, links: Links) -> str:
    where = links.place(row.path, row.line, row.end_line)
    return f"- [ ] {where}: {message(clipped(row.message)) or 'No message'}"
