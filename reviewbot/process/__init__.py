"""The only door to a program: less power, limits, and its whole tree dead at the end."""

from reviewbot.process.command import Command, Completed, Limits, Programs
from reviewbot.process.environment import find_program
from reviewbot.process.harden import harden_self
from reviewbot.process.own_environment import take_environment
from reviewbot.process.sandbox import Sandbox

__all__ = [
    "Command",
    "Completed",
    "Limits",
    "Programs",
    "Sandbox",
    "find_program",
    "harden_self",
    "take_environment",
]
