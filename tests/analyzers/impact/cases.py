"""Repositories small enough to read, one per rule of the selection."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_ONE = "def one():\n    return 1\n"
_TWO = "def two():\n    return 2\n"
_OTHER = "def test_nothing():\n    assert True\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A base, what the head changes in it (None deletes), and the tests that must be chosen.

    Every base also holds ``tests/test_other.py``, which nothing reaches.
    """

    base: Mapping[str, str]
    head: Mapping[str, str | None]
    chosen: tuple[str, ...] = ("tests/test_a.py",)
    renames: Mapping[str, str] = field(default_factory=dict)
    fallback: str | None = None

    @property
    def before(self) -> dict[str, str]:
        """All files of the base."""
        return {"tests/test_other.py": _OTHER, **self.base}

    @property
    def after(self) -> dict[str, str]:
        """All files of the head."""
        files = self.before | dict(self.head)
        return {path: text for path, text in files.items() if text is not None}


def _uses(statement: str, use: str) -> str:
    return f"{statement}\n\n\ndef test_it():\n    assert {use}\n"


_PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/core.py": _ONE + _TWO,
    "tests/test_a.py": _uses("from pkg.core import one", "one()"),
    "tests/test_b.py": _uses("from pkg.core import two", "two()"),
}
_CHANGED = {"pkg/core.py": "def one():\n    return 3\n" + _TWO}

IMPORTS = {
    "a function, and not its neighbour": Case(base=_PACKAGE, head=_CHANGED),
    "a comment, white space or a docstring changes nothing": Case(
        base=_PACKAGE,
        head={"pkg/core.py": f'"""Says what."""\n\n# why\n{_ONE}\n\n\n{_TWO}'},
        chosen=(),
    ),
    "through another module": Case(
        base=_PACKAGE
        | {
            "pkg/api.py": "from . import core\ndef call():\n    return core.one()\n",
            "tests/test_a.py": _uses("import pkg.api", "pkg.api.call()"),
        },
        head=_CHANGED,
    ),
    "a re-export of the package": Case(
        base=_PACKAGE
        | {
            "pkg/__init__.py": "from .core import one, two as second\n",
            "tests/test_a.py": _uses("import pkg", "pkg.one()"),
            "tests/test_b.py": _uses("import pkg", "pkg.second()"),
        },
        head=_CHANGED,
    ),
    "the import line of a re-export": Case(
        base=_PACKAGE
        | {
            "pkg/__init__.py": "from .core import one\n",
            "tests/test_a.py": _uses("from pkg import one", "one()"),
        },
        head={"pkg/__init__.py": "from .core import two as one\n"},
    ),
    "a star import, twice": Case(
        base=_PACKAGE
        | {
            "pkg/__init__.py": "from .all import *\n",
            "pkg/all.py": "from .core import *\n",
            "tests/test_a.py": _uses("from pkg import *", "one()"),
            "tests/test_b.py": _uses("from pkg import *", "two()"),
        },
        head=_CHANGED,
    ),
    "an import inside a function": Case(
        base=_PACKAGE
        | {"tests/test_a.py": "def test_a():\n    from pkg import core as c\n    c.one()\n"},
        head=_CHANGED,
    ),
    "a relative import between tests": Case(
        base={
            "tests/__init__.py": "",
            "tests/support.py": _ONE,
            "tests/test_a.py": _uses("from .support import one", "one()"),
        },
        head={"tests/support.py": "def one():\n    return 4\n"},
    ),
    "a sibling of the test without a package": Case(
        base={
            "tests/support.py": _ONE,
            "tests/test_a.py": _uses("from support import one", "one()"),
        },
        head={"tests/support.py": "def one():\n    return 4\n"},
    ),
    "the src layout": Case(
        base={
            "src/pkg/__init__.py": "",
            "src/pkg/core.py": _ONE,
            "tests/test_a.py": _uses("from pkg.core import one", "one()"),
        },
        head={"src/pkg/core.py": "def one():\n    return 4\n"},
    ),
    "a namespace package": Case(
        base={
            "src/ns/pkg/core.py": _ONE,
            "tests/test_a.py": _uses("import ns.pkg.core", "ns.pkg.core.one()"),
        },
        head={"src/ns/pkg/core.py": "def one():\n    return 4\n"},
    ),
    "names made on demand": Case(
        base={
            "pkg/__init__.py": "def __getattr__(name):\n    return 1\n",
            "tests/test_a.py": _uses("import pkg", "pkg.lazy"),
        },
        head={"pkg/__init__.py": "def __getattr__(name):\n    return 2\n"},
    ),
    "a module handed over as a whole": Case(
        base=_PACKAGE | {"tests/test_a.py": _uses("import pkg.core as c", "dir(c)")},
        head=_CHANGED,
    ),
    "a circle of imports ends": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/a.py": "from pkg.b import name\n",
            "pkg/b.py": "from pkg.a import name\n",
            "tests/test_a.py": _uses("from pkg.a import name", "name"),
        },
        head={"pkg/b.py": "from pkg.a import name as name\nx = 1\nfrom pkg.c import name\n"},
    ),
}

_METHODS = "class C:\n    def m(self):\n        return {}\n    def n(self):\n        return {}\n"
_DECORATED = (
    "from elsewhere import validator\nclass C:\n"
    "    @validator('x')\n    def check(self):\n        return {}\n"
)

CLASSES = {
    "a method, by the class that holds it": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": "class C:\n    def m(self):\n        return 1\n" + _TWO,
            "tests/test_a.py": _uses("from pkg.core import C", "C().m()"),
        },
        head={"pkg/core.py": "class C:\n    def m(self):\n        return 2\n" + _TWO},
    ),
    "a method that nobody calls stays asleep": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": _METHODS.format(1, 1),
            "tests/test_a.py": _uses("from pkg.core import C", "C().m()"),
            "tests/test_b.py": _uses("from pkg.core import C", "C().n()"),
        },
        head={"pkg/core.py": _METHODS.format(2, 1)},
    ),
    "a method called on an object that came from elsewhere": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": _METHODS.format(1, 1) + "def make():\n    return C()\n",
            "pkg/use.py": "def use(thing):\n    return thing.m()\n",
            "tests/test_a.py": "from pkg.core import make\nfrom pkg.use import use\n"
            "def test_a():\n    use(make())\n",
            "tests/test_b.py": _uses("from pkg.core import make", "make()"),
        },
        head={"pkg/core.py": _METHODS.format(2, 1) + "def make():\n    return C()\n"},
    ),
    "a method whose name is put together": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": "class C:\n    def visit(self, kind):\n"
            "        return getattr(self, 'visit_' + kind)()\n"
            "    def visit_a(self):\n        return 1\n"
            "x = C.visit_a\n" + _TWO,
            "tests/test_a.py": _uses("from pkg.core import C", "C().visit('a')"),
        },
        head={
            "pkg/core.py": "class C:\n    def visit(self, kind):\n"
            "        return getattr(self, 'visit_' + kind)()\n"
            "    def visit_a(self):\n        return 2\n"
            "x = C.visit_a\n" + _TWO
        },
    ),
    "a method that a base from elsewhere calls": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": "from threading import Thread\nclass C(Thread):\n"
            "    def run(self):\n        return 1\n",
            "tests/test_a.py": _uses("from pkg.core import C", "C().start()"),
            "tests/test_b.py": _uses("import subprocess", "subprocess.run([])"),
        },
        head={
            "pkg/core.py": "from threading import Thread\nclass C(Thread):\n"
            "    def run(self):\n        return 2\n"
        },
    ),
    "a method that a decorator hands to somebody": Case(
        base=_PACKAGE
        | {
            "pkg/core.py": _DECORATED.format(1),
            "tests/test_a.py": _uses("from pkg.core import C", "C()"),
            "tests/test_b.py": _uses("import other", "other.check()"),
        },
        head={"pkg/core.py": _DECORATED.format(2)},
    ),
    "a base class": Case(
        base=_PACKAGE
        | {
            "pkg/sub.py": "from pkg.core import C\nclass D(C):\n    pass\n",
            "pkg/core.py": "class C:\n    x = 1\n" + _TWO,
            "tests/test_a.py": _uses("from pkg.sub import D", "D()"),
        },
        head={"pkg/core.py": "class C:\n    x = 2\n" + _TWO},
    ),
    "a function registered by decorator": Case(
        base={
            "app.py": "registry = Registry()\n",
            "views.py": "from app import registry\n@registry.route('/')\n"
            "def index():\n    return 1\n",
            "tests/test_a.py": _uses("from app import registry", "registry.call('/')"),
        },
        head={
            "views.py": "from app import registry\n@registry.route('/')\n"
            "def index():\n    return 2\n"
        },
    ),
    "a function that a plain decorator puts into a list": Case(
        base={
            "tasks.py": "TASKS = {}\ndef task(f):\n    TASKS[f.__name__] = f\n    return f\n"
            "def run(name):\n    return TASKS[name]()\n",
            "mail.py": "from tasks import task\n@task\ndef send():\n    return 1\n",
            "tests/test_a.py": _uses("from tasks import run", "run('send')"),
        },
        head={"mail.py": "from tasks import task\n@task\ndef send():\n    return 2\n"},
    ),
    "a function registered by a call": Case(
        base={
            "app.py": "registry = Registry()\n",
            "views.py": "from app import registry\ndef f():\n    return 1\nregistry.add(f)\n",
            "tests/test_a.py": _uses("from app import registry", "registry.all()"),
        },
        head={"views.py": "from app import registry\ndef f():\n    return 2\nregistry.add(f)\n"},
    ),
}

STRINGS = {
    "a dotted string": Case(
        base=_PACKAGE
        | {
            "tests/test_a.py": "from unittest import mock\n"
            "@mock.patch('pkg.core.one')\ndef test_a(m):\n    pass\n"
        },
        head=_CHANGED,
    ),
    "a settings module by name": Case(
        base={
            "site/settings.py": "DEBUG = True\n",
            "tests/test_a.py": _uses("import load", "load.settings('site.settings')"),
        },
        head={"site/settings.py": "DEBUG = False\n"},
    ),
    "a console script by its name": Case(
        base=_PACKAGE
        | {
            "pyproject.toml": '[project.scripts]\ntool = "pkg.core:one"\n',
            "tests/test_a.py": _uses("import subprocess", "subprocess.run(['tool'])"),
        },
        head=_CHANGED,
    ),
    "a group of entry points": Case(
        base=_PACKAGE
        | {
            "pyproject.toml": '[project.entry-points."pkg.plugins"]\na = "pkg.core:one"\n',
            "pkg/load.py": "from importlib.metadata import entry_points\n"
            "def load():\n    return entry_points(group='pkg.plugins')\n",
            "tests/test_a.py": _uses("from pkg.load import load", "load()"),
        },
        head=_CHANGED,
    ),
    "a module run with -m": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/__main__.py": "print(1)\n",
            "tests/test_a.py": _uses(
                "import subprocess", "subprocess.run(['python', '-m', 'pkg'])"
            ),
        },
        head={"pkg/__main__.py": "print(2)\n"},
    ),
    "a test named after the module": Case(
        base={"plugins/loader.py": "x = 1\n", "tests/test_loader.py": _OTHER},
        head={"plugins/loader.py": "x = 2\n"},
        chosen=("tests/test_loader.py",),
    ),
}

_FIXTURE = "import pytest\n@pytest.fixture{}\ndef db():\n    return 1\n"
_FIXTURE_CHANGED = "import pytest\n@pytest.fixture{}\ndef db():\n    return 2\n"
_WANTS = "def test_a(db):\n    assert db\n"

FIXTURES = {
    "a fixture of a conftest, by parameter": Case(
        base={"tests/conftest.py": _FIXTURE.format(""), "tests/test_a.py": _WANTS},
        head={"tests/conftest.py": _FIXTURE_CHANGED.format("")},
    ),
    "a fixture by usefixtures": Case(
        base={
            "tests/conftest.py": _FIXTURE.format(""),
            "tests/test_a.py": "import pytest\n@pytest.mark.usefixtures('db')\n"
            "def test_a():\n    pass\n",
        },
        head={"tests/conftest.py": _FIXTURE_CHANGED.format("")},
    ),
    "a fixture under another name": Case(
        base={
            "tests/conftest.py": _FIXTURE.format("(name='base')"),
            "tests/test_a.py": "def test_a(base): pass\n",
        },
        head={"tests/conftest.py": _FIXTURE_CHANGED.format("(name='base')")},
    ),
    "what a fixture calls": Case(
        base=_PACKAGE
        | {
            "tests/conftest.py": "import pytest\nfrom pkg.core import one\n"
            "@pytest.fixture\ndef db():\n    return one()\n",
            "tests/test_a.py": _WANTS,
        },
        head=_CHANGED,
    ),
    "a fixture that a fixture asks for": Case(
        base={
            "tests/conftest.py": _FIXTURE.format("")
            + "@pytest.fixture\ndef user(db):\n    return db\n",
            "tests/test_a.py": "def test_a(user): pass\n",
        },
        head={
            "tests/conftest.py": _FIXTURE_CHANGED.format("")
            + "@pytest.fixture\ndef user(db):\n    return db\n"
        },
    ),
    "a fixture counts below its conftest only": Case(
        base={
            "tests/unit/conftest.py": _FIXTURE.format(""),
            "tests/unit/test_a.py": _WANTS,
            "tests/test_b.py": _WANTS,
        },
        head={"tests/unit/conftest.py": _FIXTURE_CHANGED.format("")},
        chosen=("tests/unit/test_a.py",),
    ),
    "an autouse fixture reaches all tests below": Case(
        base={
            "tests/unit/conftest.py": _FIXTURE.format("(autouse=True)"),
            "tests/unit/test_a.py": _OTHER,
        },
        head={"tests/unit/conftest.py": _FIXTURE_CHANGED.format("(autouse=True)")},
        chosen=("tests/unit/test_a.py",),
    ),
    "a hook reaches all tests below": Case(
        base={
            "tests/unit/conftest.py": "def pytest_runtest_setup(): pass\n",
            "tests/unit/test_a.py": _OTHER,
        },
        head={"tests/unit/conftest.py": "def pytest_runtest_setup(): return 1\n"},
        chosen=("tests/unit/test_a.py",),
    ),
    "a fixture of a plugin counts everywhere": Case(
        base={"plug/fixtures.py": _FIXTURE.format(""), "tests/test_a.py": _WANTS},
        head={"plug/fixtures.py": _FIXTURE_CHANGED.format("")},
    ),
    "a fixture of a base class of tests": Case(
        base={
            "tests/base.py": "class Base:\n    def setUp(self):\n        self.x = 1\n",
            "tests/test_a.py": "from base import Base\nclass TestA(Base):\n"
            "    def test_a(self): pass\n",
        },
        head={"tests/base.py": "class Base:\n    def setUp(self):\n        self.x = 2\n"},
    ),
}

FILES = {
    "a deleted module, by who imports it still": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/gone.py": _ONE,
            "tests/test_a.py": _uses("from pkg.gone import one", "one()"),
        },
        head={"pkg/gone.py": None},
    ),
    "a deleted function, even if it is only imported": Case(
        base=_PACKAGE | {"tests/test_a.py": "from pkg.core import one\ndef test_a(): pass\n"},
        head={"pkg/core.py": _TWO},
    ),
    "a renamed module, by both names": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/old.py": _ONE,
            "tests/test_a.py": _uses("from pkg.old import one", "one()"),
        },
        head={"pkg/old.py": None, "pkg/new.py": "def one():\n    return 5\n"},
        renames={"pkg/new.py": "pkg/old.py"},
    ),
    "a syntax error changes everything in the file": Case(
        base=_PACKAGE,
        head={"pkg/core.py": "def one(:\n" + _TWO},
        chosen=("tests/test_a.py", "tests/test_b.py"),
    ),
    "syntax that is newer than our parser keeps its imports": Case(
        base=_PACKAGE
        | {
            "pkg/new.py": "from pkg.core import one\nwith future syntax:\n    pass\n",
            "tests/test_a.py": _uses("import pkg.new", "pkg.new.go()"),
        },
        head=_CHANGED,
    ),
    "a test that the change touches": Case(
        base={"tests/test_a.py": _OTHER}, head={"tests/test_a.py": "def test_nothing(): pass\n"}
    ),
    "a data file, by the module that names it": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/data/table.json": "[1]",
            "pkg/core.py": "def one():\n    return open('data/table.json')\n" + _TWO,
            "pkg/more.py": _TWO,
            "tests/test_a.py": _uses("from pkg.core import one", "one()"),
            "tests/test_b.py": _uses("from pkg.more import two", "two()"),
        },
        head={"pkg/data/table.json": "[2]"},
    ),
    "a data file that nobody names, by its package": Case(
        base=_PACKAGE
        | {
            "pkg/data/q7.json": "[1]",
            "more.py": _ONE,
            "tests/test_c.py": _uses("import more", "more.one()"),
        },
        head={"pkg/data/q7.json": "[2]"},
        chosen=("tests/test_a.py", "tests/test_b.py"),
    ),
    "prose changes nothing": Case(
        base=_PACKAGE | {"README.md": "a", "docs/guide.html": "a"},
        head={"README.md": "b", "docs/guide.html": "b"},
        chosen=(),
    ),
    "continuous integration changes nothing": Case(
        base=_PACKAGE | {".github/workflows/ci.yml": "a"},
        head={".github/workflows/ci.yml": "b"},
        chosen=(),
    ),
}

_ALL = ("tests/test_a.py", "tests/test_b.py", "tests/test_other.py")

WIDE = {
    name: Case(
        base=_PACKAGE | {path: "a"},
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

CASES = {
    f"{group}: {name}": case
    for group, cases in (
        ("imports", IMPORTS),
        ("classes", CLASSES),
        ("strings", STRINGS),
        ("fixtures", FIXTURES),
        ("files", FILES),
        ("wide", WIDE),
    )
    for name, case in cases.items()
}
