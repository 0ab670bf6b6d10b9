"""Methods, base classes and registries."""

from tests.analyzers.impact.cases.case import PACKAGE, TWO, Case, uses

_METHODS = "class C:\n    def m(self):\n        return {}\n    def n(self):\n        return {}\n"
_DECORATED = (
    "from elsewhere import validator\nclass C:\n"
    "    @validator('x')\n    def check(self):\n        return {}\n"
)

CLASSES = {
    "a method, by the class that holds it": Case(
        base=PACKAGE
        | {
            "pkg/core.py": "class C:\n    def m(self):\n        return 1\n" + TWO,
            "tests/test_a.py": uses("from pkg.core import C", "C().m()"),
        },
        head={"pkg/core.py": "class C:\n    def m(self):\n        return 2\n" + TWO},
    ),
    "a method that nobody calls stays asleep": Case(
        base=PACKAGE
        | {
            "pkg/core.py": _METHODS.format(1, 1),
            "tests/test_a.py": uses("from pkg.core import C", "C().m()"),
            "tests/test_b.py": uses("from pkg.core import C", "C().n()"),
        },
        head={"pkg/core.py": _METHODS.format(2, 1)},
    ),
    "a method called on an object that came from elsewhere": Case(
        base=PACKAGE
        | {
            "pkg/core.py": _METHODS.format(1, 1) + "def make():\n    return C()\n",
            "pkg/use.py": "def use(thing):\n    return thing.m()\n",
            "tests/test_a.py": "from pkg.core import make\nfrom pkg.use import use\n"
            "def test_a():\n    use(make())\n",
            "tests/test_b.py": uses("from pkg.core import make", "make()"),
        },
        head={"pkg/core.py": _METHODS.format(2, 1) + "def make():\n    return C()\n"},
    ),
    "a method whose name is put together": Case(
        base=PACKAGE
        | {
            "pkg/core.py": "class C:\n    def visit(self, kind):\n"
            "        return getattr(self, 'visit_' + kind)()\n"
            "    def visit_a(self):\n        return 1\n"
            "x = C.visit_a\n" + TWO,
            "tests/test_a.py": uses("from pkg.core import C", "C().visit('a')"),
        },
        head={
            "pkg/core.py": "class C:\n    def visit(self, kind):\n"
            "        return getattr(self, 'visit_' + kind)()\n"
            "    def visit_a(self):\n        return 2\n"
            "x = C.visit_a\n" + TWO
        },
    ),
    "a method that a base from elsewhere calls": Case(
        base=PACKAGE
        | {
            "pkg/core.py": "from threading import Thread\nclass C(Thread):\n"
            "    def run(self):\n        return 1\n",
            "tests/test_a.py": uses("from pkg.core import C", "C().start()"),
            "tests/test_b.py": uses("import subprocess", "subprocess.run([])"),
        },
        head={
            "pkg/core.py": "from threading import Thread\nclass C(Thread):\n"
            "    def run(self):\n        return 2\n"
        },
    ),
    "a method that a decorator hands to somebody": Case(
        base=PACKAGE
        | {
            "pkg/core.py": _DECORATED.format(1),
            "tests/test_a.py": uses("from pkg.core import C", "C()"),
            "tests/test_b.py": uses("import other", "other.check()"),
        },
        head={"pkg/core.py": _DECORATED.format(2)},
    ),
    "a base class": Case(
        base=PACKAGE
        | {
            "pkg/sub.py": "from pkg.core import C\nclass D(C):\n    pass\n",
            "pkg/core.py": "class C:\n    x = 1\n" + TWO,
            "tests/test_a.py": uses("from pkg.sub import D", "D()"),
        },
        head={"pkg/core.py": "class C:\n    x = 2\n" + TWO},
    ),
    "a function registered by decorator": Case(
        base={
            "app.py": "registry = Registry()\n",
            "views.py": "from app import registry\n@registry.route('/')\n"
            "def index():\n    return 1\n",
            "tests/test_a.py": uses("from app import registry", "registry.call('/')"),
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
            "tests/test_a.py": uses("from tasks import run", "run('send')"),
        },
        head={"mail.py": "from tasks import task\n@task\ndef send():\n    return 2\n"},
    ),
    "a function registered by a call": Case(
        base={
            "app.py": "registry = Registry()\n",
            "views.py": "from app import registry\ndef f():\n    return 1\nregistry.add(f)\n",
            "tests/test_a.py": uses("from app import registry", "registry.all()"),
        },
        head={"views.py": "from app import registry\ndef f():\n    return 2\nregistry.add(f)\n"},
    ),
}
