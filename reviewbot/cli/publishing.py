"""From a report to receipts: the second graph, run over a real forge or only planned."""

from contextlib import closing
from dataclasses import dataclass

from reviewbot.cli.forge import Forge
from reviewbot.dag.runner import run
from reviewbot.publication import PLAN, Standing, publish_graph, receipts
from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import Action, Actions, Receipt
from reviewbot.review.diff import Diff
from reviewbot.review.finding import Severity
from reviewbot.review.publishing import Byline, PublishPolicy, Situation, plan
from reviewbot.review.report import Report
from reviewbot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was decided and what became of it.

    Attributes:
        actions: decided; None when it could not be read what stands on the pull request.
        receipts: one per step.
        problem: why nothing could be decided, or empty.
        quiet: why nothing was to be decided, or empty.
    """

    actions: Actions | None
    receipts: tuple[Receipt, ...] = ()
    problem: str = ""
    quiet: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether running it again would bring no more."""
        again = any(each.again or each.status == "unknown" for each in self.receipts)
        return not self.problem and not again

    @property
    def notes(self) -> tuple[str, ...]:
        """One line each for what was decided otherwise than asked, or done otherwise."""
        decided = () if self.actions is None else self.actions.notes
        told = (each.detail for each in self.receipts if each.detail and each.status != "done")
        return tuple(
            dict.fromkeys(each for each in (self.problem, self.quiet, *decided, *told) if each)
        )

    def id_of(self, action: str) -> int | None:
        """The forge's number of what an action made or changed."""
        found = (each.id for each in self.receipts if each.action == action and each.id)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What there is to publish.

    Attributes:
        report: of the analysed head.
        diff: its lines.
        settings: of the base.
        byline: who signs.
        from_artifact: whether somebody else could have written the report.
    """

    report: Report
    diff: Diff
    settings: Settings
    byline: Byline
    from_artifact: bool = False


async def publish(matter: Matter, forge: Forge, *, post: bool) -> Published:
    """Decide what to write on the pull request, and write it when asked to."""
    policy = publish_policy(matter.settings, from_artifact=matter.from_artifact)

    def planned(report: Report, diff: Diff, standing: Standing) -> Actions:
        situation = Situation(
            report=report, diff=diff, pull=standing.pull, posted=standing.posted, policy=policy
        )
        return plan(situation, GitHubWords(), matter.byline)

    graph = publish_graph(planned, forge if post else _Dry(forge))
    inputs = {"report": matter.report, "diff": matter.diff}
    with closing(forge):
        ended = await run(graph, inputs, deadline=forge.seconds)
    outcome = ended.outcomes[PLAN]
    if not outcome.ok:
        reason = next((each.reason for each in ended.outcomes.values() if each.error), "")
        return Published(actions=None, problem=reason or outcome.reason)
    return Published(actions=outcome.value, receipts=receipts(ended))


@dataclass(frozen=True, slots=True)
class _Dry:
    """Reads everything and writes nothing."""

    forge: Forge

    async def standing(self) -> Standing:
        return await self.forge.standing()

    async def perform(self, _steps: tuple[Action, ...]) -> tuple[Receipt, ...]:
        return ()


def publish_policy(settings: Settings, *, from_artifact: bool = False) -> PublishPolicy:
    """The settings of publishing in the words of the review.

    Args:
        settings: of the base.
        from_artifact: whether somebody else could have written the report.
    """
    publish, follow_up, verdict = settings.publish, settings.follow_up, settings.verdict
    return PublishPolicy(
        inline=publish.inline,
        inline_severity=Severity(publish.inline_severity),
        approve=verdict.approve != "never",
        approve_bots=verdict.approve_bots,
        request_changes=verdict.request_changes != "never",
        summary=publish.summary == "sticky",
        check_run=publish.check_run,
        labels=publish.labels,
        assign_author=follow_up.assign_author,
        open_issue=follow_up.open_issue != "never",
        merge=follow_up.merge != "never",
        from_artifact=from_artifact,
    )
