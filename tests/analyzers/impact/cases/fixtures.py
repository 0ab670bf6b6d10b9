"""What pytest hands to a test."""

from tests.analyzers.impact.cases.case import CHANGED, OTHER, PACKAGE, Case

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
        base=PACKAGE
        | {
            "tests/conftest.py": "import pytest\nfrom pkg.core import one\n"
            "@pytest.fixture\ndef db():\n    return one()\n",
            "tests/test_a.py": _WANTS,
        },
        head=CHANGED,
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
            "tests/unit/test_a.py": OTHER,
        },
        head={"tests/unit/conftest.py": _FIXTURE_CHANGED.format("(autouse=True)")},
        chosen=("tests/unit/test_a.py",),
    ),
    "a hook reaches all tests below": Case(
        base={
            "tests/unit/conftest.py": "def pytest_runtest_setup(): pass\n",
            "tests/unit/test_a.py": OTHER,
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
