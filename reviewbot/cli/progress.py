"""What a person sees on standard error while the wave runs: one line per node that settled."""

import sys
from collections.abc import Callable

import click

from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted

_COLORS = {Status.SUCCEEDED: "green", Status.CACHED: "green", Status.SKIPPED: "bright_black"}


def progress(*, quiet: bool) -> Callable[[Event], None]:
    """A listener for the engine.

    On a terminal the last line names what is still running; when piped there are only the lines
    of settled nodes.
    """
    if quiet:
        return lambda _event: None
    return _Progress(live=sys.stderr.isatty())


class _Progress:
    def __init__(self, *, live: bool) -> None:
        self.live = live
        self.running: list[str] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, NodeStarted):
            self.running.append(event.node)
        elif isinstance(event, NodeSettled):
            self._settled(event.outcome)
        self._status()

    def _settled(self, outcome: Outcome[object]) -> None:
        if outcome.node in self.running:
            self.running.remove(outcome.node)
        if not outcome.attempts and outcome.ok:
            return
        color = _COLORS.get(outcome.status, "yellow")
        status = click.style(f"{outcome.status:<10}", fg=color)
        reason = f"  {_clean(outcome.reason)}" if outcome.reason else ""
        self._clear()
        click.echo(f"{outcome.node:<10} {status} {outcome.seconds:5.1f} s{reason}", err=True)

    def _status(self) -> None:
        if self.live and self.running:
            self._clear()
            click.echo(click.style(f"… {', '.join(self.running)}", dim=True), err=True, nl=False)

    def _clear(self) -> None:
        if self.live:
            click.echo("\r\x1b[2K", err=True, nl=False)


def _clean(reason: str) -> str:
    """A reason may quote a tool; nothing of it may steer the terminal or the runner's log."""
    text = " ".join(reason.split())
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)[:160]
