"""``reviewbot action``: one step of a workflow, from its event to a posted review."""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import anyio

from reviewbot.analyzers import preload
from reviewbot.cli.access import Access, require_token
from reviewbot.cli.artifact import read_report
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.forge import Forge
from reviewbot.cli.inputs import Inputs, read_inputs
from reviewbot.cli.journal import LATEST
from reviewbot.cli.publishing import Matter, Published, publish
from reviewbot.cli.pull import Errand, open_client, review_pull
from reviewbot.cli.reviewing import Reviewed, reviewed
from reviewbot.cli.runner import Runner, no_commands, read_runner
from reviewbot.cli.step import Step
from reviewbot.cli.surroundings import Surroundings, take_surroundings
from reviewbot.cli.wishes import NOWHERE, Wishes
from reviewbot.errors import ReviewbotError, UsageError
from reviewbot.github.client import Client
from reviewbot.github.decision import Checking, Ignored, Publishing, Refused, Reviewing
from reviewbot.github.event import decide
from reviewbot.render.inert import prose
from reviewbot.review.publishing import Byline
from reviewbot.review.pull_request import PullRequest
from reviewbot.workspace.fetch import Remote
from reviewbot.workspace.selection import Request

_LARGEST_EVENT = 25 << 20


def run_action() -> int:
    """Do what the event and the inputs of a workflow step ask for.

    Raises:
        ReviewbotError: an input is wrong, or the event is one under which nothing may be analysed.
    """
    started = time.monotonic()
    around = take_surroundings()
    inputs, runner = read_inputs(around.variables), read_runner(around.variables)
    Thread(target=preload, daemon=True).start()
    with no_commands():
        try:
            step, code = anyio.run(_act, inputs, runner, around, started)
        except ReviewbotError as error:
            runner.write_summary(f"**reviewbot did not review**: {prose(str(error))}")
            raise
    step.annotate()
    return code


async def _act(
    inputs: Inputs, runner: Runner, around: Surroundings, started: float
) -> tuple[Step, ExitCode]:
    acting = _Acting(inputs=inputs, runner=runner, around=around, started=started)
    match acting.decision():
        case Refused(reason=reason, hint=hint):
            raise UsageError(reason, hint=hint)
        case Ignored(reason=reason):
            return acting.nothing(reason)
        case Checking(base=base, head=head):
            return await acting.check(base, head)
        case Publishing(repository=repository, run=number):
            return await acting.publish(repository, inputs.run_id or number)
        case Reviewing() as asked if inputs.mode == "analyze":
            return await acting.analyze(asked)
        case Reviewing() as asked:
            return await acting.review(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acting:
    inputs: Inputs
    runner: Runner
    around: Surroundings
    started: float

    def decision(self) -> Checking | Ignored | Publishing | Refused | Reviewing:
        """What the event asks for; a number among the inputs outranks it."""
        inputs = self.inputs
        if inputs.mode == "review" and inputs.pull_request is not None:
            return Reviewing(repository=self.runner.repository, number=inputs.pull_request)
        mode = "auto" if inputs.mode == "review" else inputs.mode
        return decide(self.runner.event_name, _payload(self.runner.event_path), mode=mode)

    async def review(self, asked: Reviewing) -> tuple[Step, ExitCode]:
        """Analyse a pull request and post what was found."""
        errand = self._errand(asked.repository, asked.number)
        pull = await errand.read()
        found = await review_pull(errand, pull, self._wishes(pull), self.around, self.started)
        return await self._conclude(found, errand, pull, quiet=asked.quiet)

    async def analyze(self, asked: Reviewing) -> tuple[Step, ExitCode]:
        """Analyse a pull request without any power: the report is the only thing that leaves."""
        pull = asked.pull
        if pull is None:
            raise UsageError(
                f"mode analyze cannot be started by {self.runner.event_name}",
                hint="use on: pull_request",
            )
        found = await self._ranged(pull.base, pull.head)
        step = Step(runner=self.runner, inputs=self.inputs, found=found, pull=pull)
        return step, step.finish()

    async def check(self, base: str, head: str) -> tuple[Step, ExitCode]:
        """Answer the merge queue by the exit code."""
        access, runner = self._access, self.runner
        remote = Remote(
            url=f"{runner.server_url}/{runner.repository}.git",
            commits=(head, base),
            ref=head,
            authorization=access.authorization,
        )
        found = await self._ranged(base, head, remote)
        step = Step(runner=runner, inputs=self.inputs, found=found)
        return step, step.finish(must_pass=True)

    async def publish(self, repository: str, run: int) -> tuple[Step, ExitCode]:
        """Post what another run found."""
        require_token(self._access, "mode publish")
        client = open_client(self.inputs.github_token, self.runner.api_url)
        taken = await read_report(client, repository, run, self.inputs)
        if isinstance(taken, str):
            return self.nothing(taken)
        errand = self._errand(repository, taken.pull.number, client)
        return await self._conclude(taken.found, errand, taken.pull, from_artifact=True)

    def nothing(self, reason: str) -> tuple[Step, ExitCode]:
        """Nothing to do, said in one line."""
        sys.stdout.write(f"reviewbot: nothing to do: {reason}\n")
        return Step(runner=self.runner, inputs=self.inputs), ExitCode.REVIEWED

    async def _conclude(
        self,
        found: Reviewed,
        errand: Errand,
        pull: PullRequest,
        *,
        quiet: str = "",
        from_artifact: bool = False,
    ) -> tuple[Step, ExitCode]:
        if quiet:
            published = Published(actions=None, quiet=quiet)
        else:
            matter = Matter(
                report=found.report,
                diff=found.diff,
                settings=found.settings,
                byline=Byline(run=self.runner.run_id, attempt=self.runner.attempt),
                from_artifact=from_artifact,
            )
            forge = Forge(errand=errand, analysed=pull, journal=self._journal)
            published = await publish(matter, forge, post=self.inputs.post)
        step = Step(
            runner=self.runner, inputs=self.inputs, found=found, pull=pull, published=published
        )
        return step, step.finish()

    async def _ranged(self, base: str, head: str, remote: Remote | None = None) -> Reviewed:
        """Review a range of commits: of the checkout, or fetched when it has them not."""
        request = Request(
            path=str(self.runner.workspace),
            base=base,
            head=head,
            untrusted=True,
            remote=remote,
            merge_base=None if remote is None else base,
        )
        return await reviewed(request, self._wishes(), self.around, self.started)

    def _wishes(self, pull: PullRequest | None = None) -> Wishes:
        """How to review; what a run on a fork wrote down is nothing that another one builds on."""
        given, temp = self.inputs, self.runner.temp
        kept = given.journal and temp and pull is not None and not pull.is_fork
        return Wishes(
            only=given.only or None,
            skip=given.skip or None,
            config=given.config or None,
            config_of_base=True,
            deadline=given.deadline or None,
            journal=str(temp / given.journal) if kept and temp else NOWHERE,
            resume=LATEST if kept else "",
            only_if_there=True,
            trace=str(self.runner.workspace / given.trace) if given.trace else None,
        )

    @property
    def _access(self) -> Access:
        return Access(
            token=self.inputs.github_token,
            api_url=self.runner.api_url,
            server_url=self.runner.server_url,
        )

    @property
    def _journal(self) -> Path | None:
        """Where this job keeps what it is about to write.

        A file and no folder: a runner that is not root has to be able to remove what we made as
        root in its container.
        """
        temp = self.runner.temp
        return None if temp is None else temp / "reviewbot-intents.sqlite3"

    def _errand(self, repository: str, number: int, client: Client | None = None) -> Errand:
        require_token(self._access, f"mode {self.inputs.mode}")
        return Errand(
            client=client or open_client(self.inputs.github_token, self.runner.api_url),
            access=self._access,
            repository=repository,
            number=number,
            checkout=str(self.runner.workspace),
        )


def _payload(path: Path | None) -> object:
    """The event.

    Raises:
        UsageError: it is not there, or is no JSON.
    """
    if path is None:
        raise UsageError("GITHUB_EVENT_PATH is not set", hint="this is no workflow step")
    try:
        with path.open("rb") as file:
            return json.loads(file.read(_LARGEST_EVENT))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint="GITHUB_EVENT_PATH") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON", hint="GITHUB_EVENT_PATH is truncated?") from error
