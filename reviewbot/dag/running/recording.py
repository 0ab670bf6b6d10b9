"""Writing a run down while it goes on: nobody waits for a row but those who depend on it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run
from reviewbot.dag.running.record import Record


@dataclass(slots=True, kw_only=True)
class Recording:
    """A record in use. One that raises becomes a warning, and the run goes on without it.

    Rows are handed over as things happen; one task commits whatever came together meanwhile, then
    tells everybody who waited for it, and `told` after each commit.
    """

    record: Record
    warn: Callable[[str], None]
    told: Callable[[], None]
    _waiting: deque[Callable[[], None]] = field(default_factory=deque)
    _wanted: anyio.Event = field(default_factory=anyio.Event)
    _is_complete: bool = False
    _is_releasing: bool = False
    _is_lost: bool = False

    def known(self, path: str, node: Node) -> Outcome[Any] | None:
        """What an earlier process has finished."""
        found = self._try(lambda: self.record.known(path, node))
        return None if found is None else replace(found, resumed=True)

    def started(self, path: str, node: Node, at: float) -> None:
        """The node got its slot."""
        self._try(lambda: self.record.started(path, node, at))

    def attempted(self, path: str, attempt: Attempt) -> None:
        """One attempt ended."""
        self._try(lambda: self.record.attempted(path, attempt))

    def settled(self, path: str, node: Node, outcome: Outcome[Any]) -> Outcome[Any]:
        """The node ended; gives the outcome as it stands in the record."""
        return self._try(lambda: self.record.settled(path, node, outcome)) or outcome

    def committed(self, then: Callable[[], None]) -> None:
        """Call `then` once everything handed over so far is durable."""
        self._waiting.append(then)
        if self._is_lost:
            self._release()
        else:
            self._wanted.set()

    def complete(self) -> None:
        """Nothing more will be handed over."""
        self._is_complete = True
        self._wanted.set()

    async def commit(self) -> None:
        """Commit what comes in until it is complete."""
        while not self._is_lost and (self._waiting or not self._is_complete):
            if not self._waiting:
                self._wanted = anyio.Event()
                await self._wanted.wait()
                continue
            waiting, self._waiting = self._waiting, deque()
            try:
                await self.record.commit()
            except Exception as error:  # noqa: BLE001 - a stranger's record must not cost a run
                self._lose(error)
            for then in waiting:
                then()
            self.told()
        self._release()
        self.told()

    def _release(self) -> None:
        """Without a record nobody waits for it; in a loop, because each may lead to the next."""
        if not self._is_releasing:
            self._is_releasing = True
            while self._waiting:
                self._waiting.popleft()()
            self._is_releasing = False

    async def finished(self, run: Run) -> None:
        """The run ended."""
        if not self._is_lost:
            try:
                await self.record.finished(run)
            except Exception as error:  # noqa: BLE001 - a stranger's record must not cost a run
                self._lose(error)

    def _try(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the call gives
        if self._is_lost:
            return None
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - a stranger's record must not cost a run
            self._lose(error)
            return None

    def _lose(self, error: Exception) -> None:
        self._is_lost = True
        self.warn(f"the run is no longer recorded: {type(error).__name__}: {error}")
