"""What is about to be written is on the disk before it is sent."""

import sqlite3
from pathlib import Path

import pytest

from reviewbot.github.intents import Intent, SqliteIntents, digest_of

SCOPE = "500/12"


def intent(key: str = "k", kind: str = "review") -> Intent:
    return Intent(scope=SCOPE, kind=kind, key=key, digest=digest_of({"body": "x"}))


@pytest.mark.feature("S24")
def test_an_intent_outlives_the_process_that_did_not_hear_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "state" / "intents.sqlite"
    killed = SqliteIntents(path)
    killed.intend(intent())
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT state FROM intents").fetchall() == [("intended",)]
    other.close()
    killed.close()
    with SqliteIntents(path) as later:
        found = later.latest(SCOPE, "review", "k")
        assert later.kept
        assert found is not None
        assert found.is_open


@pytest.mark.feature("S24")
def test_what_became_of_it_is_kept_with_it(tmp_path: Path) -> None:
    with SqliteIntents(tmp_path / "intents.sqlite") as intents:
        number = intents.intend(intent())
        intents.intend(intent(key="other"))
        intents.settle(number, "done", id_=7, receipt="posted")
        states = [(each.key, each.state, each.id, each.receipt) for each in intents.every(SCOPE)]
        assert states == [("k", "done", 7, "posted"), ("other", "intended", None, "")]


def test_every_commit_is_flushed_to_the_disk(tmp_path: Path) -> None:
    with SqliteIntents(tmp_path / "intents.sqlite") as intents:
        settings = [
            intents._rows.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        ]
        assert settings == ["wal", 2]


def test_the_last_intent_of_a_thing_counts() -> None:
    with SqliteIntents() as intents:
        intents.settle(intents.intend(intent()), "unknown")
        intents.settle(intents.intend(intent()), "done", id_=3)
        intents.intend(intent(kind="summary"))
        found = intents.latest(SCOPE, "review", "k")
        assert found is not None
        assert (found.state, found.id, found.is_open) == ("done", 3, False)
        assert intents.latest("500/13", "review", "k") is None


@pytest.mark.parametrize("place", ["folder", "garbage", "missing/file/below"])
def test_where_nothing_can_be_kept_memory_has_to_do(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_text("no database" * 100)
    (tmp_path / "missing").write_text("a file where a folder should be")
    with SqliteIntents(tmp_path / place) as intents:
        assert not intents.kept
        intents.settle(intents.intend(intent()), "done")
        assert [each.state for each in intents.every(SCOPE)] == ["done"]


def test_a_disk_that_fails_later_does_not_stop_the_review(tmp_path: Path) -> None:
    with SqliteIntents(tmp_path / "intents.sqlite") as intents:
        intents._rows.execute("DROP TABLE intents")
        intents.settle(intents.intend(intent()), "done")
        assert not intents.kept
        assert [each.state for each in intents.every(SCOPE)] == ["done"]
