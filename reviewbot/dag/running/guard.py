"""The wall around one node: all that its policy allows, in order, to exactly one Outcome."""

from collections.abc import Awaitable
from typing import Any

from reviewbot.dag.failure import Route
from reviewbot.dag.node import is_async
from reviewbot.dag.policy import Cache
from reviewbot.dag.run import Outcome, Status, make_outcome
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.error import AttemptTimeoutError, describe
from reviewbot.dag.running.ledger import BudgetError
from reviewbot.dag.running.record import Values
from reviewbot.dag.running.terms import terms_of, terms_of_backup
from reviewbot.dag.running.tries import Tries
from reviewbot.dag.running.unit import Surroundings, Unit


class Guard:
    """One node being run; `outcome` never raises for anything the node does."""

    __slots__ = ("_around", "_began", "_node", "_tries", "_unit")

    def __init__(self, unit: Unit, around: Surroundings) -> None:
        self._unit = unit
        self._node = unit.node
        self._around = around
        self._began = around.now()
        self._tries = Tries(unit, around, self._began)

    def outcome(self) -> Awaitable[Outcome[Any]]:
        """Try the node, its backups and its fallback, in that order, until one of them answers."""
        cache, values = self._node.policy.cache, self._around.values
        if cache is not None and values is not None:
            return self._recalled(cache, values)
        return self._worked()

    async def _recalled(self, cache: Cache, values: Values) -> Outcome[Any]:
        """The value that was kept of the same work on the same content, or the work itself."""
        from reviewbot.dag.running.keeping import Keeping  # noqa: PLC0415 - digests cost 18 ms to import, and most graphs keep nothing

        tries = self._tries
        keeping = Keeping(self._unit, self._around, values, cache, tries.end)
        try:
            kept = await keeping.found()
        except (AttemptTimeoutError, RunEndedError) as error:
            tries.give_up(error)
            return self._unanswered(self._failure())
        if kept is not None:
            tries.value, tries.last = kept[0], self._around.now()
            return self._settled(Status.CACHED, "", self._node.name)
        outcome = await self._worked()
        if outcome.status is Status.SUCCEEDED:
            await keeping.keep(outcome.value)
        return outcome

    async def _worked(self) -> Outcome[Any]:
        """What the node, its backups or its fallback make of it."""
        node, tries = self._node, self._tries
        terms = terms_of(node, self._unit, self._around)
        if await tries.answered(node.name, node.run, asynchronous=node.is_async, terms=terms):
            status = Status.PARTIAL if tries.missing else Status.SUCCEEDED
            return self._settled(status, tries.missing, node.name)
        first = self._failure()
        for backup in node.policy.backups:
            if not tries.judgement.may_reroute or tries.is_over():
                break
            by, run = backup.name, backup.run
            terms = terms_of_backup(backup, self._unit, self._around)
            if await tries.answered(by, run, asynchronous=is_async(run), terms=terms):
                return self._settled(Status.REROUTED, f"{by} answered: {first}", by)
        return self._unanswered(self._failure())

    def _failure(self) -> str:
        tries, retry = self._tries, self._node.policy.retry
        reason = "" if tries.error is None else describe(tries.error)
        if tries.attempts:
            of = 1 if retry is None else retry.attempts
            reason = f"{reason}, attempt {tries.attempts[-1].number} of {of}"
        return f"{reason}; {tries.note}" if tries.note else reason

    def _unanswered(self, reason: str) -> Outcome[Any]:
        tries, fallback = self._tries, self._node.policy.fallback
        if fallback is not None and tries.error is not None and tries.judgement.may_fall_back:
            try:
                tries.value = fallback.answer(tries.error)
            except Exception as second:  # noqa: BLE001 - the wall of a node
                reason = f"{reason}; the fallback failed too: {describe(second)}"
            else:
                return self._settled(Status.FELL_BACK, reason, "fallback")
        if tries.judgement.route is Route.STOP:
            self._around.stop_run(f"{self._unit.path} failed: {reason}")
        return self._settled(self._status(), reason, "")

    def _status(self) -> Status:
        tries, error = self._tries, self._tries.error
        if isinstance(error, RunEndedError):
            return error.status
        if tries.judgement.route is Route.SKIP or isinstance(error, BudgetError):
            return Status.SKIPPED
        return Status.TIMED_OUT if isinstance(error, TimeoutError) else Status.FAILED

    def _settled(self, status: Status, reason: str, answered_by: str) -> Outcome[Any]:
        tries = self._tries
        seconds = tries.last - self._began
        return make_outcome(
            node=self._unit.name,
            status=status,
            value=tries.value,
            reason=reason,
            attempts=tuple(tries.attempts),
            answered_by=answered_by,
            started=self._began,
            seconds=max(0.0, seconds),  # a clock may be set back
            error=tries.error,
            kind=None if tries.error is None else tries.judgement.kind,
            spent=tries.spent,
        )
