"""Bandit: the security scan."""

from reviewbot.analyzers.bandit.security import Bandit

__all__ = ["Bandit"]
