"""The value of a node as an earlier run kept it: looked up by content, checked, kept again."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from reviewbot.dag.digest import code_digest, digest
from reviewbot.dag.policy import Cache
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.error import AttemptTimeoutError, describe
from reviewbot.dag.running.limit import within
from reviewbot.dag.running.promise import check
from reviewbot.dag.running.record import Values
from reviewbot.dag.running.unit import Surroundings, Unit


class Keeping:
    """What is kept for one unit; whatever goes wrong with it is a warning, and the node runs."""

    def __init__(
        self, unit: Unit, around: Surroundings, values: Values, cache: Cache, end: float
    ) -> None:
        self._unit = unit
        self._around = around
        self._values = values
        self._cache = cache
        self._end = end
        self._key = ""

    async def found(self) -> tuple[Any] | None:
        """The value in a tuple, None when there is none that the node could have given now.

        Raises:
            AttemptTimeoutError: the moment `end` came first.
            RunEndedError: the run ended.
        """
        self._key = self._made()
        if not self._key:
            return None
        kept: tuple[Any] | None = await self._done(self._values.get(self._key, self._unit.node))
        if kept is not None:
            try:
                check(self._unit.node, kept[0])
            except ValueError as error:
                self._warn(f"the kept value is not used: {describe(error)}")
                return None
        return kept

    async def keep(self, value: Any) -> None:  # noqa: ANN401 - the node's own value
        """Keep it for later runs, unless this one ends first."""
        if self._key:
            with suppress(AttemptTimeoutError, RunEndedError):
                await self._done(self._values.put(self._key, self._unit.node, value))

    def _made(self) -> str:
        """The digest of the node's code, its version and its arguments; empty if there is none."""
        run = self._unit.node.run
        work = getattr(run, "stands_for", run)  # what runs a subgraph says which
        try:
            arguments: Any = self._unit.arguments()
            if self._cache.key is not None:
                arguments = self._cache.key(arguments)
            return digest((code_digest(work), self._cache.version, arguments))
        except Exception as error:  # noqa: BLE001 - the wall of a node
            self._warn(f"its value cannot be kept: {describe(error)}")
            return ""

    async def _done(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401 - the node's own value
        try:
            return await within(work, self._unit, self._around, None, self._end)
        except (AttemptTimeoutError, RunEndedError):
            raise
        except Exception as error:  # noqa: BLE001 - the wall of a node
            self._warn(f"the kept values: {describe(error)}")
            return None

    def _warn(self, text: str) -> None:
        self._around.warn(f"{self._unit.path}: {text}")
