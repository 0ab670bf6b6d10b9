"""``reviewbot review <pull request>``: the same review as the action's, from one's own machine."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import anyio

from reviewbot.analyzers import preload
from reviewbot.cli.access import access_to, require_token
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.forge import Forge
from reviewbot.cli.output import deliver
from reviewbot.cli.publishing import Matter, Published, publish
from reviewbot.cli.pull import Errand, open_client, review_pull
from reviewbot.cli.review import ReviewOptions, exit_code, view_of
from reviewbot.cli.reviewing import Reviewed
from reviewbot.cli.surroundings import Surroundings, take_surroundings
from reviewbot.errors import UsageError
from reviewbot.github.address import Reference, parse_address
from reviewbot.render.view import printable
from reviewbot.review.actions import Action, SubmitReview, WriteSummary
from reviewbot.review.publishing import Byline


def run_pull_review(options: ReviewOptions, *, post: bool) -> int:
    """Review a pull request, print the result, and post it when asked to.

    Raises:
        ReviewbotError: the address, the options or the token are wrong, or the forge is away.
    """
    _check(options)
    started = time.monotonic()
    around = take_surroundings()
    access = access_to(options.path, around.variables)
    if post:
        require_token(access, "--post")
    reference = parse_address(options.path, server_url=access.server_url, api_url=access.api_url)
    errand = Errand(
        client=open_client(access.token, reference.api_url),
        access=access,
        repository=reference.repository,
        number=reference.number,
        checkout=".",
    )
    Thread(target=preload, daemon=True).start()
    asked = _Asked(options=options, errand=errand, reference=reference, around=around, post=post)
    found, published = anyio.run(asked.answered, started)
    written = deliver(view_of(found, options), options.form, options.output)
    if published is not None:
        sys.stderr.writelines(f"{printable(line)}\n" for line in _told(published, post=post))
    code = exit_code(found, options, written=written)
    if code is ExitCode.REVIEWED and post and published is not None and not published.is_whole:
        return ExitCode.NOT_PUBLISHED
    return code


def _check(options: ReviewOptions) -> None:
    given = {
        "--base": options.base,
        "--head": options.head,
        "--staged": options.staged,
        "--diff-file": options.diff_file,
    }
    for name, value in given.items():
        if value:
            raise UsageError(f"a pull request has its own sides: {name} does not go with it")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    options: ReviewOptions
    errand: Errand
    reference: Reference
    around: Surroundings
    post: bool

    async def answered(self, started: float) -> tuple[Reviewed, Published | None]:
        """The review, and what was or would be written; None when nobody could write at all."""
        errand = self.errand
        pull = await errand.read()
        found = await review_pull(errand, pull, self.options.wishes, self.around, started)
        if not errand.access.token or found.interrupted:
            return found, None
        matter = Matter(
            report=found.report, diff=found.diff, settings=found.settings, byline=Byline()
        )
        forge = Forge(errand=errand, analysed=pull, journal=self._journal)
        return found, await publish(matter, forge, post=self.post)

    @property
    def _journal(self) -> Path | None:
        kept = self.around.cache_of(self.reference.server_url)
        return None if kept is None else Path(kept) / "intents.sqlite3"


def _told(published: Published, *, post: bool) -> list[str]:
    """What was written, or would be."""
    if post:
        lines = [f"{each.action}: {each.status}" for each in published.receipts]
    else:
        steps = () if published.actions is None else published.actions.steps
        lines = [f"with --post: {_described(each)}" for each in steps]
    return [*lines, *(f"note: {each}" for each in published.notes)]


def _described(step: Action) -> str:
    match step:
        case SubmitReview(event=event, comments=comments):
            return f"a review: {event} with {len(comments)} comments"
        case WriteSummary(edits=edits):
            return "the summary, edited in place" if edits else "the summary"
        case _:
            return type(step).__name__
