"""Run the tests a change can reach, and charge it only with what it broke."""

from reviewbot.analyzers.pytest.tests import Tests

__all__ = ["Tests"]
