"""Analyses by somebody's own check: what the settings say, and who is installed to do it."""

from collections.abc import Iterator

from reviewbot.analyzers import Deferred, Options
from reviewbot.errors import SettingsError
from reviewbot.process import Programs
from reviewbot.review.analysis import Analyzer
from reviewbot.settings import OwnSettings, Settings


def own_analyzers(settings: Settings, programs: Programs) -> Iterator[tuple[str, Analyzer]]:
    """Each of the settings' own analyses, with who does it.

    Raises:
        SettingsError: a check that is not installed beside reviewbot.
    """
    own = settings.analyses.own
    if not own:
        return
    # Asking what is installed takes a while, and most have no check of their own.
    from reviewbot.analyzers.plugin.installed import installed  # noqa: PLC0415

    checks = installed()
    for name, chosen in own.items():
        if chosen.use not in checks:
            key = f"analyses.{name}.use"
            raise SettingsError(
                f"{settings.origins.get(key, key)}: no check '{chosen.use}' is installed",
                hint=f"beside reviewbot there are: {', '.join(sorted(checks)) or 'none'}",
            )
        yield name, _deferred(name, chosen, programs)


def _deferred(name: str, chosen: OwnSettings, programs: Programs) -> Analyzer:
    def made(programs: Programs, _: Options) -> Analyzer:
        from reviewbot.analyzers.plugin.installed import installed  # noqa: PLC0415
        from reviewbot.analyzers.plugin.plugin import Plugin  # noqa: PLC0415 - in its node's time

        return Plugin(
            programs=programs, check=installed()[chosen.use], node=name, paths=chosen.paths
        )

    return Deferred(tool=chosen.use, programs=programs, options=Options(), factory=made)
