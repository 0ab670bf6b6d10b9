"""Lifecycle hooks: a plug-in overrides what it wants to know about."""

from collections.abc import Callable

from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.running.events import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    Event,
    NodeSettled,
    NodeStarted,
    RunSettled,
    RunStarted,
)


class Hooks:
    """Does nothing; subclass it and override what is of interest.

    `node` is a path: `lint`, `pack/lint`, `triage[a.py]`. An instance is a listener, for
    `run(on_event=...)`. What a hook raises becomes a warning of the run that names the hook.
    """

    def before_run(self, name: str, graph: Graph) -> None:
        """The graph is known; no node has started."""

    def after_run(self, run: Run) -> None:
        """Every node ended."""

    def before_node(self, node: str) -> None:
        """A node got its slot."""

    def after_node(self, node: str, outcome: Outcome[object]) -> None:
        """A node ended, in whatever way."""

    def before_attempt(self, node: str, by: str, number: int) -> None:
        """The node, or the backup `by`, is about to be called."""

    def after_attempt(self, node: str, attempt: Attempt) -> None:
        """The call ended; `attempt.error` says how."""

    def on_cached(self, node: str, outcome: Outcome[object]) -> None:
        """A node's value came from the cache or from an earlier process."""

    def on_error(self, node: str, attempt: Attempt, retry_in: float | None) -> None:
        """A call failed; another one follows in `retry_in` seconds, or None for never."""

    def __call__(self, event: Event) -> None:
        """Call the hooks that this event stands for.

        Raises:
            HookError: a hook raised; the others were called.
        """
        errors = [error for hook in self._hooks(event) if (error := self._error_of(hook))]
        if errors:
            raise HookError("; ".join(errors))

    def _hooks(self, event: Event) -> tuple[Callable[[], None], ...]:  # noqa: PLR0911 - one per event
        match event:
            case RunStarted(run=name, graph=graph):
                return (lambda: self.before_run(name, graph),)
            case NodeStarted(node=node):
                return (lambda: self.before_node(node),)
            case AttemptStarted(node=node, by=by, number=number):
                return (lambda: self.before_attempt(node, by, number),)
            case AttemptSucceeded(node=node, attempt=attempt):
                return (lambda: self.after_attempt(node, attempt),)
            case AttemptFailed(node=node, attempt=attempt, retry_in=wait):
                return (
                    lambda: self.after_attempt(node, attempt),
                    lambda: self.on_error(node, attempt, wait),
                )
            case NodeSettled(node=node, outcome=outcome):
                return self._settled(node, outcome)
            case RunSettled(run=run):
                return (lambda: self.after_run(run),)
        return ()

    def _settled(self, node: str, outcome: Outcome[object]) -> tuple[Callable[[], None], ...]:
        hooks = (lambda: self.after_node(node, outcome),)
        if outcome.resumed or outcome.status is Status.CACHED:
            return (lambda: self.on_cached(node, outcome), *hooks)
        return hooks

    def _error_of(self, hook: Callable[[], None]) -> str:
        try:
            hook()
        except Exception as error:  # noqa: BLE001 - a stranger's hook must not cost a run
            return f"{type(self).__name__} raised {type(error).__name__}: {error}"
        return ""


class HookError(Exception):
    """Indicates that a hook raised; the text names whose and what."""
