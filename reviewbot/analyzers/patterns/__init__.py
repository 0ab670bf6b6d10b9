"""The built-in scan for secrets, CORS and dangerous calls: needs no tool."""

from reviewbot.analyzers.patterns.rules import Concern
from reviewbot.analyzers.patterns.search import Patterns

__all__ = ["Concern", "Patterns"]
