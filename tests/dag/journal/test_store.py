"""A file that is no journal of this version, or not now, is refused in one clear line."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.codec.text import LARGEST
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader
from reviewbot.dag.journal.schema import VERSION
from reviewbot.dag.node import node


async def lint(change: str) -> int:
    return len(change)


GRAPH = Graph([node(lint)], {"change": str})
INPUTS = {"change": "abc"}


def made(path: Path) -> Path:
    """A journal with one run."""
    with Journal.open(path) as journal, journal.begin("r1", GRAPH, INPUTS):
        pass
    return path


def directory(path: Path) -> None:
    path.mkdir()


def no_sqlite(path: Path) -> None:
    path.write_text("a novel\n" * 200)


def something_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("CREATE TABLE photos (name TEXT)")


def of_version(version: object) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(made(path))) as rows:
            rows.execute("UPDATE meta SET version = ?", (version,))
            rows.commit()

    return make


def cut_short(path: Path) -> None:
    made(path).write_bytes(path.read_bytes()[:5000] + b"\x00" * 30_000)


REFUSED: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("directory", directory, "is a directory; name a file in it"),
    ("no sqlite", no_sqlite, "is no journal; move it away or use another file"),
    ("something else", something_else, "is a SQLite file of something else; use another file"),
    (
        "newer",
        of_version(VERSION + 1),
        f"has version {VERSION + 1} of the journal, this program reads up to {VERSION}; update it",
    ),
    ("no number", of_version("two"), "has version two of the journal"),
    ("zero", of_version(0), "has version 0 of the journal"),
    ("damaged", cut_short, "is damaged"),
)


@pytest.mark.feature("S22")
@pytest.mark.parametrize(("make", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
@pytest.mark.parametrize("way", [Journal.open, Reader.open], ids=["write", "read"])
def test_what_is_no_journal_of_this_version_is_refused_and_left_alone(
    tmp_path: Path,
    make: Callable[[Path], None],
    said: str,
    way: Callable[[Path], Journal | Reader],
) -> None:
    path = tmp_path / "journal"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(JournalError) as refused, way(path) as opened:
        opened.runs() if isinstance(opened, Reader) else opened.resume("r1", GRAPH, INPUTS)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{path} ")
    assert said in problem
    assert "\n" not in problem
    assert not path.is_file() or path.read_bytes() == before


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="does not exist; no run was written there"):
        Reader.open(tmp_path / "journal")
    assert list(tmp_path.iterdir()) == []


CHILD = """
import os, sys
from pathlib import Path
from reviewbot.dag.journal.codec.text import LARGEST
from reviewbot.dag.journal.error import JournalError
from tests.dag.journal.test_store import GRAPH, INPUTS, Journal, Reader
"""


def child(code: str, path: Path, *, user: int = 0) -> str:
    """What a program prints that works on a journal in a process of its own."""
    become = f"os.setgroups([])\nos.setgid({user})\nos.setuid({user})\n" if user else ""
    done = subprocess.run(
        [sys.executable, "-c", CHILD + become + code, str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.strip() + done.stderr[-2000:]


NOBODY = 65534
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
OPENS = """
try:
    with Journal.open(Path(sys.argv[1])) as journal, journal.begin("r2", GRAPH, INPUTS):
        print("begun")
except JournalError as error:
    print(error)
"""
READS = """
with Reader.open(Path(sys.argv[1])) as reader:
    print([each.name for each in reader.runs()])
"""


@pytest.fixture
def shown() -> Iterator[Path]:
    """A directory that everybody may enter and only root may change; pytest closes its own."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@needs_root
def test_a_file_that_may_only_be_read_is_refused_for_writing_and_read(shown: Path) -> None:
    path = made(shown / "journal")
    assert "is read-only; make it writable" in child(OPENS, path, user=NOBODY)
    assert child(READS, path, user=NOBODY) == "['r1']"


@needs_root
def test_a_directory_that_takes_no_file_is_named(shown: Path) -> None:
    said = child(OPENS, shown / "journal", user=NOBODY)
    assert "cannot be opened; look at its directory and its permissions" in said
    said = child(OPENS, shown / "deeper" / "journal", user=NOBODY)
    assert "cannot be made: Permission denied" in said


def test_a_lock_of_another_process_is_waited_for_and_then_named(tmp_path: Path) -> None:
    path = made(tmp_path / "journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            Journal.open(path, timeout=0.05) as journal,
            pytest.raises(JournalError, match=r"is locked by another process for more than 0.05 s"),
        ):
            journal.begin("r2", GRAPH, INPUTS)
        with Reader.open(path) as reader:
            assert [each.name for each in reader.runs()] == ["r1"]
        other.execute("ROLLBACK")


FILLS = """
import resource, anyio
from reviewbot.dag.runner import run
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.journal.journal import Journal
async def much() -> str: return "x" * 3_000_000
async def after(much: str) -> int: return len(much)
graph = Graph([node(much), node(after)])
async def main():
    with Journal.open(Path(sys.argv[1])) as journal, journal.begin("r1", graph) as record:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        done = await run(graph, record=record)
        print(done.value("after"), *done.warnings)
anyio.run(main)
"""


def test_a_full_disk_costs_the_record_not_the_run(tmp_path: Path) -> None:
    said = child(FILLS, tmp_path / "journal")
    assert said.startswith("3000000 the run is no longer recorded: JournalLostError: ")
    assert "the disk is full" in said
    with Reader.open(tmp_path / "journal") as reader:
        assert reader.load("r1").nodes == {}


def test_two_processes_that_make_one_journal_make_it_once(tmp_path: Path) -> None:
    code = """
for number in range(8):
    path = Path(sys.argv[1]) / str(number)
    with Journal.open(path) as journal, journal.begin(str(os.getpid()), GRAPH, INPUTS):
        pass
"""
    both = [subprocess.Popen([sys.executable, "-c", CHILD + code, str(tmp_path)]) for _ in range(2)]
    assert [each.wait(30) for each in both] == [0, 0]
    for number in range(8):
        with Reader.open(tmp_path / str(number)) as reader:
            assert len(reader.runs()) == 2


VERSION_1 = """
CREATE TABLE meta (version INTEGER NOT NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
    started REAL NOT NULL, seconds REAL NOT NULL DEFAULT 0, ended TEXT NOT NULL DEFAULT '',
    wiring TEXT NOT NULL, links TEXT NOT NULL, inputs TEXT NOT NULL, manifest TEXT NOT NULL);
CREATE TABLE processes (
    run INTEGER NOT NULL, number INTEGER NOT NULL, pid INTEGER NOT NULL, started REAL NOT NULL,
    PRIMARY KEY (run, number)) WITHOUT ROWID;
CREATE TABLE nodes (
    run INTEGER NOT NULL, path TEXT NOT NULL, process INTEGER NOT NULL, node TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, answered_by TEXT NOT NULL,
    started REAL NOT NULL, seconds REAL NOT NULL, kind TEXT, error TEXT, spent TEXT NOT NULL,
    value TEXT, digest TEXT NOT NULL, inputs TEXT NOT NULL, code TEXT NOT NULL,
    PRIMARY KEY (run, path));
CREATE TABLE attempts (
    run INTEGER NOT NULL, path TEXT NOT NULL, process INTEGER NOT NULL,
    number INTEGER NOT NULL, by TEXT NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL,
    error TEXT);
CREATE INDEX attempts_of_run ON attempts (run);
CREATE TABLE kept (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, size INTEGER NOT NULL,
    created REAL NOT NULL, used REAL NOT NULL);
INSERT INTO meta VALUES (1);
INSERT INTO runs VALUES (1, 'old', 'finished', 1.0, 2.0, '', '{}', '{"lint":{"needs":[],"inner":null}}', '{}', '{"seed":"7"}');
INSERT INTO processes VALUES (1, 1, 4711, 1.0);
INSERT INTO nodes VALUES (1, 'lint', 1, 'lint', 'succeeded', '', 'lint', 0.0, 2.0, NULL, NULL, '{}', '[1]', 'd', 'i', 'c');
INSERT INTO attempts VALUES (1, 'lint', 1, 1, 'lint', 0.0, 2.0, NULL);
"""  # noqa: E501 - rows


@pytest.mark.feature("S22")
@pytest.mark.parametrize("way", [Journal.open, Reader.open], ids=["write", "read"])
def test_an_older_version_is_migrated_with_what_is_in_it(
    tmp_path: Path, way: Callable[[Path], Journal | Reader]
) -> None:
    path = tmp_path / "journal"
    with closing(sqlite3.connect(path)) as rows:
        rows.executescript(VERSION_1)
    way(path).close()
    with Reader.open(path) as reader:
        (summary,) = reader.runs()
        old = reader.load("old")
    assert (summary.name, summary.manifest) == ("old", {"seed": "7"})
    assert old.run.value("lint") == [1]
    assert [attempt.delay for attempt in old.run.outcomes["lint"].attempts] == [0.0]
    with (
        closing(sqlite3.connect(path)) as rows,
        closing(sqlite3.connect(made(tmp_path / "n"))) as n,
    ):
        ask = "SELECT name, type FROM sqlite_master ORDER BY name"
        assert rows.execute(ask).fetchall() == n.execute(ask).fetchall()
        for table in ("runs", "nodes", "attempts", "effects", "kept", "processes"):
            ask = f"SELECT name, type FROM pragma_table_info('{table}') ORDER BY name"  # noqa: S608 - names above
            assert rows.execute(ask).fetchall() == n.execute(ask).fetchall()


def test_what_is_larger_than_anything_of_ours_is_not_read(tmp_path: Path) -> None:
    path = made(tmp_path / "journal")
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("UPDATE runs SET picture = zeroblob(?)", (LARGEST + 2048,))
        rows.commit()
    with (
        Reader.open(path) as reader,
        pytest.raises(JournalError, match="holds something larger than what is read"),
    ):
        reader.load("r1")
