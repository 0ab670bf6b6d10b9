"""What one worker's units are cut off by."""

from collections.abc import Callable

import anyio


class Leash:
    """A cancel scope that a worker keeps from unit to unit, because a scope for each costs more.

    It is entered when a unit first needs it, and a cancelled one is left and replaced.
    """

    __slots__ = ("_new_scope", "scope")

    def __init__(self, new_scope: Callable[[], anyio.CancelScope]) -> None:
        self._new_scope = new_scope
        self.scope: anyio.CancelScope | None = None

    def entered(self) -> anyio.CancelScope:
        """The scope in force, to be cancelled by whoever holds it."""
        if self.scope is None:
            self.scope = self._new_scope()
            self.scope.__enter__()
        return self.scope

    def left(self, error: BaseException | None) -> bool:
        """Leave the scope; whether `error` is no more than the cancellation of it.

        Raises:
            RuntimeError: a node left a scope of its own open.
        """
        scope, self.scope = self.scope, None
        if scope is None:
            return False
        kind, trace = (None, None) if error is None else (type(error), error.__traceback__)
        return bool(scope.__exit__(kind, error, trace)) and error is not None
