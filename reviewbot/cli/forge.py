"""One pull request on its forge, as the publication asks for it: read now, write at most once."""

from dataclasses import dataclass, field
from pathlib import Path

import anyio

from reviewbot.cli.pull import Errand
from reviewbot.github.identity import read_own_id
from reviewbot.github.intents import SqliteIntents
from reviewbot.github.posted import read_posted
from reviewbot.github.publish import Publisher
from reviewbot.publication import Standing
from reviewbot.review.actions import Action, Receipt
from reviewbot.review.marker import key_of
from reviewbot.review.pull_request import PullRequest


@dataclass(slots=True, kw_only=True)
class Forge:
    """Reads and writes for one publication.

    Attributes:
        errand: how to reach the pull request.
        analysed: as it was when its head was analysed.
        seconds: that everything may take.
        secret: what markers are signed with, or empty.
        journal: a file for what is about to be written, or None when nothing can be kept.
        trace: one line per pause and per refusal.
    """

    errand: Errand
    analysed: PullRequest
    seconds: float = 300.0
    secret: str = ""
    journal: Path | None = None
    trace: list[str] = field(default_factory=list)
    _own_id: int | None = None
    _read_at: float | None = None
    _publisher: Publisher | None = None
    _intents: SqliteIntents | None = None

    async def standing(self) -> Standing:
        """The pull request as it is now, and what is ours on it."""
        self._read_at = anyio.current_time()
        reader = self.errand.reader(self.seconds)
        pull = await self.errand.read()
        installation = self.errand.client.is_installation
        self._own_id = await read_own_id(reader, is_installation=installation)
        posted = await read_posted(
            reader,
            pull,
            own_id=self._own_id,
            secret=self.secret,
            check_key=key_of(pull.repository_id, pull.number, "check", self.analysed.head),
        )
        self.trace.extend(reader.retries)
        return Standing(pull=pull, posted=posted)

    async def perform(self, steps: tuple[Action, ...]) -> tuple[Receipt, ...]:
        """Do it; a refusal is a receipt."""
        if not steps:
            return ()
        if self._publisher is None:
            self._publisher = Publisher(
                self.errand.client,
                self.analysed,
                own_id=self._own_id,
                deadline=anyio.current_time() + self.seconds,
                intents=self._open_intents(),
                secret=self.secret,
                read_at=self._read_at,
            )
        before = len(self._publisher.trace)
        receipts = await self._publisher.perform(steps)
        self.trace.extend(self._publisher.trace[before:])
        return receipts

    def close(self) -> None:
        """Let the file of intents go."""
        if self._intents is not None:
            self._intents.close()

    def _open_intents(self) -> SqliteIntents:
        self._intents = SqliteIntents(self.journal)
        return self._intents
