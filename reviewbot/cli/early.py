"""What is started before the rest of us is imported: it takes as long, and on another core."""

from reviewbot.analyzers.programs import PROGRAMS
from reviewbot.cli.surroundings import Surroundings, take_surroundings
from reviewbot.process import Sandbox


def door() -> Sandbox:
    """The door to programs, which will import the tools once and fork them then."""
    return Sandbox(PROGRAMS)


def begin() -> tuple[Surroundings, Sandbox]:
    """Read the environment, and open the door: the tools are imported from now on.

    In the main thread, before any other starts.

    Raises:
        ToolMissing: what starts programs cannot be started.
    """
    around = take_surroundings()
    programs = door()
    programs.start()
    return around, programs
