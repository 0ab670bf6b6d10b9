"""Actions → Receipts: what was decided is done on the pull request, each thing at most once."""

from collections.abc import Sequence

from reviewbot.github.allowance import fitting
from reviewbot.github.answer import Port
from reviewbot.github.desk import Desk, untried
from reviewbot.github.gate import Gate
from reviewbot.github.intents import Intents
from reviewbot.github.items import Owner
from reviewbot.github.patience import Patience
from reviewbot.github.permission import permission_of
from reviewbot.github.reading import Reader
from reviewbot.github.sending import Bounded, Sender
from reviewbot.github.steps import perform_step
from reviewbot.github.writing import Writer
from reviewbot.review.actions import Action, Receipt, SubmitReview, WriteCheck
from reviewbot.review.pull_request import PullRequest

_NOBODY = "it is not known which account this token writes as, so nothing could be found again"
_TOO_MANY = "more writes than one run may make; the next run goes on"


class Publisher:
    """Writes on one pull request, for one run.

    Args:
        port: to the forge.
        pull: as it was when its head was analysed.
        own_id: the account we write as; None when it is not known, and then nothing is written.
        deadline: of everything, as ``anyio.current_time`` counts.
        intents: where it is kept what is about to be written.
        secret: what markers are signed with, or empty.
        read_at: when what stands was read for the steps to come, as ``anyio.current_time`` counts;
            for a while nothing is looked for again before it is sent for the first time.
        patience: how long and how often.

    Attributes:
        trace: one line per pause, per refusal and per answer that was lost.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of the wiring
        self,
        port: Port,
        pull: PullRequest,
        *,
        own_id: int | None,
        deadline: float,
        intents: Intents,
        secret: str = "",
        read_at: float | None = None,
        patience: Patience | None = None,
    ) -> None:
        patience = patience or Patience()
        self.trace: list[str] = []
        bounded = Bounded(port=port, seconds=patience.call)
        reader = Reader(port=bounded, deadline=deadline, first=patience.first, retries=self.trace)
        self._sender = Sender(port=bounded, deadline=deadline, patience=patience, trace=self.trace)
        self._known = own_id is not None
        self._desk = Desk(
            pull=pull,
            owner=Owner(pull=pull, own_id=own_id or 0, secret=secret),
            reader=reader,
            writer=Writer(
                sender=self._sender,
                intents=intents,
                scope=f"{pull.repository_id}/{pull.number}",
                read_at=read_at,
            ),
            gate=Gate(reader=reader, analysed=pull, fresh=patience.fresh),
        )

    async def perform(self, steps: Sequence[Action]) -> tuple[Receipt, ...]:
        """Do each step at most once, in order; a refusal is a receipt, not an error.

        What was refused for the whole of a permission is not tried again in the same run.
        """
        fits = fitting(steps, self._sender.left)
        return tuple([await self._perform(*each) for each in zip(steps, fits, strict=True)])

    async def _perform(self, step: Action, fits: bool) -> Receipt:  # noqa: FBT001 - zipped
        if not self._known:
            return untried(step, _NOBODY)
        if not fits:
            return untried(step, _TOO_MANY, again=True)
        if self._desk.ended:
            return untried(step, self._desk.ended, again=True)
        if why := self._desk.closed.get(permission_of(step)):
            return untried(step, why)
        if not isinstance(step, SubmitReview):  # which looks itself, right before it sends
            end = await self._desk.may(about_head=isinstance(step, WriteCheck))
            if end is not None:
                return self._desk.receipt(step, end)
        return await perform_step(self._desk, step)
