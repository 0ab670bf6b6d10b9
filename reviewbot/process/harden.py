"""What our own process does against a program that gets curious."""

import ctypes

# linux/prctl.h
_SET_DUMPABLE, _SET_CHILD_SUBREAPER = 4, 36


def harden_self() -> None:
    """Close our memory and environment to others of our user id, and adopt every orphan below us.

    For the front door, once, before the first program starts. ``PR_SET_DUMPABLE`` 0 keeps
    programs of the same user that are not root from ``/proc/<our pid>/environ``, ``mem`` and
    ``fd`` (measured; root readers need another user id). As subreaper we inherit what a killed
    supervisor leaves, so that it can still be found. See prctl(2).

    Raises:
        OSError: the kernel refused.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_SET_DUMPABLE, 0), (_SET_CHILD_SUBREAPER, 1)):
        if libc.prctl(option, value, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
