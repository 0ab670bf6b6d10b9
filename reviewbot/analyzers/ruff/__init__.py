"""Ruff: lint, and the first backup for security."""

from reviewbot.analyzers.ruff.lint import Ruff

__all__ = ["Ruff"]
