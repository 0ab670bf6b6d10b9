"""Code that is named in a string."""

from tests.analyzers.impact.cases.case import CHANGED, OTHER, PACKAGE, Case, uses

STRINGS = {
    "a dotted string": Case(
        base=PACKAGE
        | {
            "tests/test_a.py": "from unittest import mock\n"
            "@mock.patch('pkg.core.one')\ndef test_a(m):\n    pass\n"
        },
        head=CHANGED,
    ),
    "a settings module by name": Case(
        base={
            "site/settings.py": "DEBUG = True\n",
            "tests/test_a.py": uses("import load", "load.settings('site.settings')"),
        },
        head={"site/settings.py": "DEBUG = False\n"},
    ),
    "a console script by its name": Case(
        base=PACKAGE
        | {
            "pyproject.toml": '[project.scripts]\ntool = "pkg.core:one"\n',
            "tests/test_a.py": uses("import subprocess", "subprocess.run(['tool'])"),
        },
        head=CHANGED,
    ),
    "a group of entry points": Case(
        base=PACKAGE
        | {
            "pyproject.toml": '[project.entry-points."pkg.plugins"]\na = "pkg.core:one"\n',
            "pkg/load.py": "from importlib.metadata import entry_points\n"
            "def load():\n    return entry_points(group='pkg.plugins')\n",
            "tests/test_a.py": uses("from pkg.load import load", "load()"),
        },
        head=CHANGED,
    ),
    "a module run with -m": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/__main__.py": "print(1)\n",
            "tests/test_a.py": uses("import subprocess", "subprocess.run(['python', '-m', 'pkg'])"),
        },
        head={"pkg/__main__.py": "print(2)\n"},
    ),
    "a test named after the module": Case(
        base={"plugins/loader.py": "x = 1\n", "tests/test_loader.py": OTHER},
        head={"plugins/loader.py": "x = 2\n"},
        chosen=("tests/test_loader.py",),
    ),
}
