"""Files that come, go, move, cannot be parsed, or are no Python."""

from tests.analyzers.impact.cases.case import CHANGED, ONE, OTHER, PACKAGE, TWO, Case, uses

FILES = {
    "a deleted module, by who imports it still": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/gone.py": ONE,
            "tests/test_a.py": uses("from pkg.gone import one", "one()"),
        },
        head={"pkg/gone.py": None},
    ),
    "a deleted function, even if it is only imported": Case(
        base=PACKAGE | {"tests/test_a.py": "from pkg.core import one\ndef test_a(): pass\n"},
        head={"pkg/core.py": TWO},
    ),
    "a renamed module, by both names": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/old.py": ONE,
            "tests/test_a.py": uses("from pkg.old import one", "one()"),
        },
        head={"pkg/old.py": None, "pkg/new.py": "def one():\n    return 5\n"},
        renames={"pkg/new.py": "pkg/old.py"},
    ),
    "a syntax error changes everything in the file": Case(
        base=PACKAGE,
        head={"pkg/core.py": "def one(:\n" + TWO},
        chosen=("tests/test_a.py", "tests/test_b.py"),
    ),
    "syntax that is newer than our parser keeps its imports": Case(
        base=PACKAGE
        | {
            "pkg/new.py": "from pkg.core import one\nwith future syntax:\n    pass\n",
            "tests/test_a.py": uses("import pkg.new", "pkg.new.go()"),
        },
        head=CHANGED,
    ),
    "a test that the change touches": Case(
        base={"tests/test_a.py": OTHER}, head={"tests/test_a.py": "def test_nothing(): pass\n"}
    ),
    "a data file, by the module that names it": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/data/table.json": "[1]",
            "pkg/core.py": "def one():\n    return open('data/table.json')\n" + TWO,
            "pkg/more.py": TWO,
            "tests/test_a.py": uses("from pkg.core import one", "one()"),
            "tests/test_b.py": uses("from pkg.more import two", "two()"),
        },
        head={"pkg/data/table.json": "[2]"},
    ),
    "a data file that nobody names, by its package": Case(
        base=PACKAGE
        | {
            "pkg/data/q7.json": "[1]",
            "more.py": ONE,
            "tests/test_c.py": uses("import more", "more.one()"),
        },
        head={"pkg/data/q7.json": "[2]"},
        chosen=("tests/test_a.py", "tests/test_b.py"),
    ),
    "prose changes nothing": Case(
        base=PACKAGE | {"README.md": "a", "docs/guide.html": "a"},
        head={"README.md": "b", "docs/guide.html": "b"},
        chosen=(),
    ),
    "continuous integration changes nothing": Case(
        base=PACKAGE | {".github/workflows/ci.yml": "a"},
        head={".github/workflows/ci.yml": "b"},
        chosen=(),
    ),
}

_ALL = ("tests/test_a.py", "tests/test_b.py", "tests/test_other.py")

WIDE = {
    name: Case(
        base=PACKAGE | {path: "a"},
        head={path: "b"},
        chosen=_ALL,
        fallback=f"{path} changed: {reason}",
    )
    for name, path, reason in (
        ("a lock file", "uv.lock", "a list of dependencies"),
        ("requirements", "requirements/dev.txt", "a list of dependencies"),
        ("the test configuration", "tox.ini", "the build or test configuration"),
        ("native code", "pkg/fast.c", "native code"),
        ("a file of unknown use", "share/blob.bin", "it is not known who reads it"),
    )
}
