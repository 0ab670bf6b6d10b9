import pytest

from store.db import Database


@pytest.fixture
def database() -> Database:
    return Database()
