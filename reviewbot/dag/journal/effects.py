"""What a run does to the world: written down before it is done, and what became of it after."""

from dataclasses import dataclass, replace
from enum import StrEnum

from anyio import to_thread

from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.rows import escaped
from reviewbot.dag.journal.store import Row, Store

_SELECT = "SELECT path, key, digest, state, receipt FROM effects WHERE run = ?"
_ONE = " AND path = ? AND key = ?"
_INTEND = """
INSERT INTO effects (run, path, key, digest, state, receipt) VALUES (?, ?, ?, ?, ?, '')
ON CONFLICT (run, path, key) DO UPDATE
SET digest = excluded.digest, state = excluded.state, receipt = ''"""
_SETTLE = """
UPDATE effects SET state = ?, receipt = ? WHERE run = ? AND path = ? AND key = ?"""


class EffectState(StrEnum):
    """INTENDED: it may or may not have been done. UNKNOWN: the answer to it was lost."""

    INTENDED = "intended"
    DONE = "done"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing done by the node at `path`: `key` tells it from others, `digest` what it was.

    `receipt` is one line that proves it, empty until it is known.
    """

    path: str
    key: str
    digest: str
    state: EffectState = EffectState.INTENDED
    receipt: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the world has to be looked at before it is done again."""
        return self.state in {EffectState.INTENDED, EffectState.UNKNOWN}


class Effects:
    """The effects of one run; every change is in the file when the call returns.

    A process that is killed between `intend` and `settle` leaves an effect that is open.
    """

    def __init__(self, store: Store, run: int) -> None:
        self._store = store
        self._run = run

    async def intend(self, path: str, key: str, digest: str) -> Effect | None:
        """Write down what is about to be done; what an earlier process knows of it, if anything.

        None says that it is new. An effect that is given back is left as it was: one that is done
        with the same digest is not to be done again, one that is open is to be looked for first.
        One that was refused, or done with other content, is intended anew.

        Raises:
            JournalError: it cannot be written, so it must not be done.
        """
        return await to_thread.run_sync(self._intend, path, key, digest)

    def _intend(self, path: str, key: str, digest: str) -> Effect | None:
        before = next(iter(self._read(_ONE, (escaped(path), escaped(key)))), None)
        if before is not None and (before.is_open or _is_done(before, digest)):
            return before
        row = (self._run, escaped(path), escaped(key), digest, EffectState.INTENDED.value)
        self._store.one(_INTEND, row)
        return None

    async def settle(self, effect: Effect, state: EffectState, receipt: str = "") -> Effect:
        """Write down what became of it.

        Raises:
            JournalError: it cannot be written; the effect stays open.
        """
        where = (self._run, escaped(effect.path), escaped(effect.key))
        values = (state.value, escaped(receipt), *where)
        await to_thread.run_sync(self._store.one, _SETTLE, values)
        return replace(effect, state=state, receipt=receipt)

    async def every(self) -> tuple[Effect, ...]:
        """All of the run, in the order in which they were first intended.

        Raises:
            JournalError: they cannot be read.
        """
        return await to_thread.run_sync(self._read, " ORDER BY rowid", ())

    def _read(self, where: str, values: Row) -> tuple[Effect, ...]:
        rows = self._store.rows(_SELECT + where, (self._run, *values))
        return tuple(self._effect(row) for row in rows)

    def _effect(self, row: Row) -> Effect:
        if not all(isinstance(part, str) for part in row) or row[3] not in set(EffectState):
            raise JournalError(f"{self._store.path} is damaged: an effect is {row!r:.80}")
        path, key, digest, state, receipt = row
        return Effect(path=path, key=key, digest=digest, state=EffectState(state), receipt=receipt)


def _is_done(effect: Effect, digest: str) -> bool:
    return effect.state is EffectState.DONE and effect.digest == digest
