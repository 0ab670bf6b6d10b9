"""The tables of a journal, their version, and the way from every older one."""

from collections.abc import Mapping

VERSION = 2

TABLES = (
    "CREATE TABLE meta (version INTEGER NOT NULL)",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
        started REAL NOT NULL, seconds REAL NOT NULL DEFAULT 0, ended TEXT NOT NULL DEFAULT '',
        wiring TEXT NOT NULL, links TEXT NOT NULL, inputs TEXT NOT NULL, manifest TEXT NOT NULL,
        picture TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '{}')""",
    """CREATE TABLE processes (
        run INTEGER NOT NULL, number INTEGER NOT NULL, pid INTEGER NOT NULL, started REAL NOT NULL,
        PRIMARY KEY (run, number)) WITHOUT ROWID""",
    """CREATE TABLE nodes (
        run INTEGER NOT NULL, path TEXT NOT NULL, process INTEGER NOT NULL, node TEXT NOT NULL,
        status TEXT NOT NULL, reason TEXT NOT NULL, answered_by TEXT NOT NULL,
        started REAL NOT NULL, seconds REAL NOT NULL, kind TEXT, error TEXT, spent TEXT NOT NULL,
        value TEXT, digest TEXT NOT NULL, inputs TEXT NOT NULL, code TEXT NOT NULL,
        PRIMARY KEY (run, path))""",
    """CREATE TABLE attempts (
        run INTEGER NOT NULL, path TEXT NOT NULL, process INTEGER NOT NULL,
        number INTEGER NOT NULL, by TEXT NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL,
        error TEXT, delay REAL NOT NULL DEFAULT 0)""",
    "CREATE INDEX attempts_of_run ON attempts (run)",
    """CREATE TABLE effects (
        run INTEGER NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
        state TEXT NOT NULL, receipt TEXT NOT NULL, PRIMARY KEY (run, path, key))""",
    """CREATE TABLE kept (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, size INTEGER NOT NULL,
        created REAL NOT NULL, used REAL NOT NULL)""",
    "INSERT INTO meta VALUES (2)",
)

MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    1: (  # the first version knew neither effects nor what a run had said at its end
        "ALTER TABLE runs ADD COLUMN picture TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN told TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE attempts ADD COLUMN delay REAL NOT NULL DEFAULT 0",
        """CREATE TABLE effects (
            run INTEGER NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
            state TEXT NOT NULL, receipt TEXT NOT NULL, PRIMARY KEY (run, path, key))""",
        "UPDATE meta SET version = 2",
    ),
}
"""From a version to the next one."""
