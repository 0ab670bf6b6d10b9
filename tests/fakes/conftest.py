"""What the tests of the fakes share: an empty GitHub and a pull request on it."""

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.fixture import github_server, hub
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request

__all__ = ["github_server", "hub"]

BASE = {"a.py": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n", "gone.py": "x\n"}
HEAD = {"a.py": "one\nTWO\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n", "gone.py": None}


@pytest.fixture
def opened(hub: Hub) -> Opened:
    """A pull request by ada: a.py is changed at its line 2 and gets a line 10."""
    return open_pull_request(hub, BASE, {**HEAD, "new.py": "n = 1\n"})


@pytest.fixture
def client(hub: Hub) -> Client:
    """A workflow run that may do all that we ask for."""
    return Client(hub.api_url, hub.actions_token())


@pytest.fixture
def person(hub: Hub) -> Client:
    """Somebody who reviews."""
    return Client(hub.api_url, hub.personal_token("reviewer"))
