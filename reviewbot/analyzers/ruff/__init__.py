"""Ruff: lint, and the first backup for security."""

from reviewbot.analyzers.ruff.lint import Ruff
from reviewbot.analyzers.ruff.security import RuffSecurity

__all__ = ["Ruff", "RuffSecurity"]
