"""Values kept between runs, by content key: the cache of a journal."""

from collections.abc import Callable
from typing import Any

from anyio import to_thread

from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.codec.text import decoded, dumped, encoded, loaded
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.outcomes import shape_for
from reviewbot.dag.journal.store import Store
from reviewbot.dag.node import Node

_GET = "SELECT value FROM kept WHERE key = ?"
_PUT = "INSERT OR REPLACE INTO kept (key, value, size, created, used) VALUES (?, ?, ?, ?, ?)"
_USE = "UPDATE kept SET used = ? WHERE key = ?"
_SIZE = "SELECT COALESCE(SUM(size), 0) FROM kept"
_EVICT = """
DELETE FROM kept WHERE key IN (
    SELECT key FROM (
        SELECT key, SUM(size) OVER (ORDER BY used DESC, key) AS newer FROM kept)
    WHERE newer > ?)"""


class KeptValues:
    """The values of one journal (port `Values`), at most `limit` characters of them.

    When there are more, those that were not used for longest go. A value that cannot be written,
    or is larger than the limit, is not kept; one that is not what the node gives is not there. A
    file that fails is an empty cache: no run is hurt by it. `now` gives seconds since 1970.
    """

    def __init__(self, store: Store, limit: int, now: Callable[[], float]) -> None:
        self._store = store
        self._limit = limit
        self._now = now

    async def get(self, key: str, node: Node) -> tuple[Any] | None:
        """The value in a tuple, None when there is none."""
        try:
            text = await to_thread.run_sync(self._find, key)
            return None if text is None else (decoded(loaded(text), shape_for(node)),)
        except (JournalError, CodecError):
            return None

    async def put(self, key: str, node: Node, value: Any) -> None:  # noqa: ANN401 - any node's
        """Keep it; a value that cannot be kept is not."""
        try:
            text = dumped(encoded(value, shape_for(node)))
            await to_thread.run_sync(self._keep, key, text)
        except (JournalError, CodecError):
            return

    def _find(self, key: str) -> str | None:
        found = self._store.rows(_GET, (key,))
        if not found or not isinstance(found[0][0], str):
            return None
        self._store.one(_USE, (self._now(), key))
        return found[0][0]

    def _keep(self, key: str, text: str) -> None:
        if len(text) > self._limit:
            return
        now = self._now()
        self._store.one(_PUT, (key, text, len(text), now, now))
        ((size,),) = self._store.rows(_SIZE)
        if size > self._limit:
            self._store.one(_EVICT, (self._limit,))
