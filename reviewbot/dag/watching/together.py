"""Several listeners as one."""

from collections.abc import Callable
from typing import TypeAlias

from reviewbot.dag.running.events import Event

Watcher: TypeAlias = Callable[[Event], None]


def together(*watchers: Watcher) -> Watcher:
    """A listener that tells all of them, in order; what one raises does not keep the others away.

    The listener raises what was raised, several errors as one group, once everybody was told.
    """

    def tell(event: Event) -> None:
        errors: list[Exception] = []
        for watcher in watchers:
            try:
                watcher(event)
            except Exception as error:  # noqa: BLE001 - raised again below
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("; ".join(f"{type(e).__name__}: {e}" for e in errors), errors)

    return tell
