"""Writing a run down while it goes on: nobody waits for a row but those who depend on it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run
from reviewbot.dag.running.record import Record


@dataclass(slots=True, kw_only=True)
class Recording:
    """A record in use. One that raises becomes a warning, and the run goes on without it.

    Rows are handed over as things happen; one task commits whatever came together meanwhile, then
    tells everybody who waited for it. `spawn` starts that task, `told` is called after each commit.
    """

    record: Record
    spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    warn: Callable[[str], None]
    told: Callable[[], None]
    _waiting: list[Callable[[], None]] = field(default_factory=list)
    _is_committing: bool = False
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
        elif not self._is_committing:
            self._is_committing = True
            self.spawn(self._commit)

    async def _commit(self) -> None:
        while self._waiting and not self._is_lost:
            waiting, self._waiting = self._waiting, []
            try:
                await self.record.commit()
            except Exception as error:  # noqa: BLE001 - a stranger's record must not cost a run
                self._lose(error)
            for then in waiting:
                then()
            self.told()
        self._is_committing = False
        if self._is_lost:
            self._release()
            self.told()

    def _release(self) -> None:
        """Without a record nobody waits for it; in a loop, because each may lead to the next."""
        if not self._is_releasing:
            self._is_releasing = True
            while self._waiting:
                self._waiting.pop(0)()
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
