"""How a test reaches code by import."""

from tests.analyzers.impact.cases.case import CHANGED, ONE, PACKAGE, TWO, Case, uses

IMPORTS = {
    "a function, and not its neighbour": Case(base=PACKAGE, head=CHANGED),
    "a comment, white space or a docstring changes nothing": Case(
        base=PACKAGE,
        head={"pkg/core.py": f'"""Says what."""\n\n# why\n{ONE}\n\n\n{TWO}'},
        chosen=(),
    ),
    "through another module": Case(
        base=PACKAGE
        | {
            "pkg/api.py": "from . import core\ndef call():\n    return core.one()\n",
            "tests/test_a.py": uses("import pkg.api", "pkg.api.call()"),
        },
        head=CHANGED,
    ),
    "a re-export of the package": Case(
        base=PACKAGE
        | {
            "pkg/__init__.py": "from .core import one, two as second\n",
            "tests/test_a.py": uses("import pkg", "pkg.one()"),
            "tests/test_b.py": uses("import pkg", "pkg.second()"),
        },
        head=CHANGED,
    ),
    "the import line of a re-export": Case(
        base=PACKAGE
        | {
            "pkg/__init__.py": "from .core import one\n",
            "tests/test_a.py": uses("from pkg import one", "one()"),
        },
        head={"pkg/__init__.py": "from .core import two as one\n"},
    ),
    "a star import, twice": Case(
        base=PACKAGE
        | {
            "pkg/__init__.py": "from .all import *\n",
            "pkg/all.py": "from .core import *\n",
            "tests/test_a.py": uses("from pkg import *", "one()"),
            "tests/test_b.py": uses("from pkg import *", "two()"),
        },
        head=CHANGED,
    ),
    "an import inside a function": Case(
        base=PACKAGE
        | {"tests/test_a.py": "def test_a():\n    from pkg import core as c\n    c.one()\n"},
        head=CHANGED,
    ),
    "a relative import between tests": Case(
        base={
            "tests/__init__.py": "",
            "tests/support.py": ONE,
            "tests/test_a.py": uses("from .support import one", "one()"),
        },
        head={"tests/support.py": "def one():\n    return 4\n"},
    ),
    "a sibling of the test without a package": Case(
        base={
            "tests/support.py": ONE,
            "tests/test_a.py": uses("from support import one", "one()"),
        },
        head={"tests/support.py": "def one():\n    return 4\n"},
    ),
    "the src layout": Case(
        base={
            "src/pkg/__init__.py": "",
            "src/pkg/core.py": ONE,
            "tests/test_a.py": uses("from pkg.core import one", "one()"),
        },
        head={"src/pkg/core.py": "def one():\n    return 4\n"},
    ),
    "a namespace package": Case(
        base={
            "src/ns/pkg/core.py": ONE,
            "tests/test_a.py": uses("import ns.pkg.core", "ns.pkg.core.one()"),
        },
        head={"src/ns/pkg/core.py": "def one():\n    return 4\n"},
    ),
    "names made on demand": Case(
        base={
            "pkg/__init__.py": "def __getattr__(name):\n    return 1\n",
            "tests/test_a.py": uses("import pkg", "pkg.lazy"),
        },
        head={"pkg/__init__.py": "def __getattr__(name):\n    return 2\n"},
    ),
    "a module handed over as a whole": Case(
        base=PACKAGE | {"tests/test_a.py": uses("import pkg.core as c", "dir(c)")},
        head=CHANGED,
    ),
    "a circle of imports ends": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/a.py": "from pkg.b import name\n",
            "pkg/b.py": "from pkg.a import name\n",
            "tests/test_a.py": uses("from pkg.a import name", "name"),
        },
        head={"pkg/b.py": "from pkg.a import name as name\nx = 1\nfrom pkg.c import name\n"},
    ),
}
