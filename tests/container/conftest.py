"""The image under test, which ``nox -s container`` builds and names, and GitHub on loopback."""

import os

import pytest

from tests.fakes.github.fixture import github_server, hub

__all__ = ["github_server", "hub", "image"]


@pytest.fixture(scope="session")
def image() -> str:
    """The name of the image; without one there is nothing to run."""
    name = os.environ.get("REVIEWBOT_IMAGE")  # noqa: TID251 - the session hands it over
    if not name:
        pytest.skip("no image: `nox -s container` builds one where a container engine answers")
    return name
