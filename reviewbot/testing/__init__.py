"""Proofs for whoever plugs something in: faults by plan, time that jumps, many interleavings."""

from reviewbot.testing.clock import JumpingClock
from reviewbot.testing.fault import Fault, InjectedError
from reviewbot.testing.faults import Faults
from reviewbot.testing.interleaving import InterleavingError, interleavings
from reviewbot.testing.left_over import left_over, present
from reviewbot.testing.plan import Injected
from reviewbot.testing.survival import NotSurvivedError, Survival, survives

__all__ = [
    "Fault",
    "Faults",
    "Injected",
    "InjectedError",
    "InterleavingError",
    "JumpingClock",
    "NotSurvivedError",
    "Survival",
    "interleavings",
    "left_over",
    "present",
    "survives",
]
