"""A GitHub on loopback for whole runs."""

from tests.fakes.github.fixture import github_server, hub

__all__ = ["github_server", "hub"]
