"""The errors of the house, by who must act.

::

    ReviewbotError
    ├── UsageError           you: arguments, revisions, a path that is no repository      exit 2
    │   ├── SettingsError    you: a key or value of .reviewbot.yml, with file and line    exit 2
    │   └── ForgeRefused     you: the token, one of its permissions, or an address        exit 2
    ├── ForgeError           the world: the forge is away, limits us, or makes no sense   exit 4
    │   ├── ForgeAway        it cannot be reached, or does not answer in time
    │   ├── ForgeBusy        it limits how often we may ask; the hint says when to return
    │   └── ForgeGarbled     it answers with something that cannot be what was asked for
    ├── OutputLost           the world: standard output takes nothing                     exit 5
    │   └── ReaderGone       the world: whoever read it went away, as `| head` does       exit 0
    └── ToolError            the world: a program that is missing, hangs, crashes or lies
        ├── ToolMissing      it cannot be started
        ├── ToolTimedOut     it was killed at its deadline
        ├── ToolCrashed      it ended in a way its documentation does not list
        └── ToolGarbled      it ended well and said what cannot be understood

Everything else that reaches the front door is ours: a bug, exit 3. Inside a node a ``ToolError``
becomes an Outcome and never travels further.
"""


class ReviewbotError(Exception):
    """An expected failure: what is wrong, and what to do about it.

    Attributes:
        message: one line that says what is wrong and where.
        hint: one line that says what to do, or an empty string.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(ReviewbotError):
    """You asked for something that cannot be: exit code 2."""


class SettingsError(UsageError):
    """A setting is wrong; the message starts with ``file:line``."""


class ForgeRefused(UsageError):
    """The forge does not let us: the hint names the permission, and where to set it."""


class ForgeError(ReviewbotError):
    """The forge failed us; the same command may work later: exit code 4."""


class ForgeAway(ForgeError):
    """It cannot be reached, fails on its side, or does not answer in time."""


class ForgeBusy(ForgeError):
    """It limits how often we may ask, for longer than this run can wait."""


class ForgeGarbled(ForgeError):
    """It answered with something that cannot be what was asked for; nothing of it counts."""


class OutputLost(ReviewbotError):
    """Standard output is closed or full: what was found cannot be handed over, exit code 5."""


class ReaderGone(OutputLost):
    """Whoever read standard output went away: that is how ``| head`` ends, not a failure."""


class ToolError(ReviewbotError):
    """A program of the world failed; a node turns this into its Outcome."""


class ToolMissing(ToolError):
    """The program cannot be started at all."""


class ToolTimedOut(ToolError):
    """The program was killed because its time was up."""


class ToolCrashed(ToolError):
    """The program ended by a signal or with an undocumented exit code."""


class ToolGarbled(ToolError):
    """The program ended well, but its output is not what it documents."""
