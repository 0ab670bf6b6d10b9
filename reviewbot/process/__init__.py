"""The only door to a program."""

from reviewbot.process.command import Command, Completed, Limits, Programs
from reviewbot.process.environment import find_program
from reviewbot.process.sandbox import Sandbox

__all__ = ["Command", "Completed", "Limits", "Programs", "Sandbox", "find_program"]
