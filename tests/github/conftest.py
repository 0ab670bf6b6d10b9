"""A GitHub on loopback for whoever asks for one."""

from tests.fakes.github.fixture import github_server, hub

__all__ = ["github_server", "hub"]
