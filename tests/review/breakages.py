"""Small changes that break a line which they did not write, and the line that is to blame."""

from dataclasses import dataclass, field

from reviewbot.testing.fakes.texts import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """A change and its truth.

    Attributes:
        name: a sentence.
        base: file → text before.
        head: the files that differ after; None for one that is gone.
        blames: ``(file, snippet of the reported line, rule, file, snippet of the cause's line)``;
            an empty snippet stands for no line.
    """

    name: str
    base: Files
    head: dict[str, str | None]
    blames: tuple[tuple[str, str, str, str, str], ...]
    renames: dict[str, str] = field(default_factory=dict)


_CORE = "def area(side: float) -> float:\n    return side * side\n"
_CLIENT = """class Client:
    def __init__(self, url: str) -> None:
        self.url = url
        self.retries = 3

    def send(self, body: str) -> str:
        return body

    def close(self) -> None:
        pass
"""
_BASE = """class Provider:
    def name(self) -> str:
        return "x"

    def fetch(self, key: str) -> str:
        return key
"""
_SIBLING = """from .base import Provider


class {name}(Provider):
    def name(self) -> str:
        return "{name}"

    def fetch(self, key: str) -> str:
        return self.name() + key
"""
_OTHER = "def unrelated(x: int) -> int:\n    return x\n"
_OTHER_TOO = "def unrelated(x: int) -> int:\n    return x + 1\n"

BREAKAGES = (
    Breakage(
        name="a required keyword is added",
        base={
            "core.py": _CORE,
            "use.py": "from .core import area\n\n\ndef f() -> float:\n    return area(2)\n",
            "other.py": _OTHER,
        },
        head={
            "core.py": _CORE.replace("side: float)", "side: float, *, unit: str)"),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "area(2)", "call-arg", "core.py", "def area"),),
    ),
    Breakage(
        name="a return type changes and no message names the function",
        base={
            "core.py": _CORE,
            "use.py": "from .core import area\n\n\ndef f() -> float:\n    return area(2)\n",
            "other.py": _OTHER,
        },
        head={
            "core.py": "def area(side: float) -> str:\n    return str(side * side)\n",
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "return area(2)", "return-value", "core.py", "def area"),),
    ),
    Breakage(
        name="a return type changes and the error is two lines below the call",
        base={
            "core.py": _CORE,
            "use.py": (
                "from .core import area\n\n\ndef f() -> float:\n    a = area(2)\n    b = 1.0\n"
                "    return a - b\n"
            ),
            "other.py": _OTHER,
        },
        head={
            "core.py": "def area(side: float) -> str:\n    return str(side * side)\n",
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "return a - b", "operator", "core.py", "def area"),),
    ),
    Breakage(
        name="a method's parameter changes its type",
        base={
            "client.py": _CLIENT,
            "use.py": 'from .client import Client\n\nClient("u").send("body")\n',
            "other.py": _OTHER,
        },
        head={
            "client.py": _CLIENT.replace(
                "body: str) -> str:\n        return body",
                "body: bytes) -> str:\n        return body.decode()",
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", ".send(", "arg-type", "client.py", "def send"),),
    ),
    Breakage(
        name="a method is renamed",
        base={
            "client.py": _CLIENT,
            "use.py": "from .client import Client\n\n\ndef f(c: Client) -> None:\n    c.close()\n",
            "other.py": _OTHER,
        },
        head={"client.py": _CLIENT.replace("def close", "def shut"), "other.py": _OTHER_TOO},
        blames=(("use.py", "c.close()", "attr-defined", "client.py", "def shut"),),
    ),
    Breakage(
        name="an attribute set in __init__ goes",
        base={
            "client.py": _CLIENT,
            "use.py": "from .client import Client\n\nprint(Client('u').retries)\n",
            "other.py": _OTHER,
        },
        head={
            "client.py": _CLIENT.replace("        self.retries = 3\n", ""),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", ".retries", "attr-defined", "client.py", "self.url = url"),),
    ),
    Breakage(
        name="a constructor takes more",
        base={
            "client.py": _CLIENT,
            "use.py": "from .client import Client\n\nc = Client('u')\n",
            "other.py": _OTHER,
        },
        head={
            "client.py": _CLIENT.replace("url: str)", "url: str, timeout: float)"),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "Client('u')", "call-arg", "client.py", "def __init__"),),
    ),
    Breakage(
        name="a base class changes a method that its children override",
        base={
            "base.py": _BASE,
            "one.py": _SIBLING.format(name="One"),
            "two.py": _SIBLING.format(name="Two"),
            "other.py": _OTHER,
        },
        head={
            "base.py": _BASE.replace("key: str)", "key: str, version: int)"),
            "other.py": _OTHER_TOO,
        },
        blames=(
            ("one.py", "def fetch", "override", "base.py", "def fetch"),
            ("two.py", "def fetch", "override", "base.py", "def fetch"),
        ),
    ),
    Breakage(
        name="a base class changes what a method returns",
        base={"base.py": _BASE, "one.py": _SIBLING.format(name="One"), "other.py": _OTHER},
        head={
            "base.py": _BASE.replace(
                'def name(self) -> str:\n        return "x"',
                "def name(self) -> int:\n        return 1",
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("one.py", "def name", "override", "base.py", "def name"),),
    ),
    Breakage(
        name="a function is removed",
        base={
            "core.py": _CORE + "\n\ndef edge(side: float) -> float:\n    return side\n",
            "use.py": "from .core import edge\n\nprint(edge(1))\n",
            "other.py": _OTHER,
        },
        head={"core.py": _CORE, "other.py": _OTHER_TOO},
        blames=(("use.py", "import edge", "attr-defined", "core.py", "return side * side"),),
    ),
    Breakage(
        name="a module is deleted",
        base={
            "gone.py": _CORE,
            "use.py": "from .gone import area\n\nprint(area(1))\n",
            "other.py": _OTHER,
        },
        head={"gone.py": None, "other.py": _OTHER_TOO},
        blames=(("use.py", "import area", "import-not-found", "gone.py", ""),),
    ),
    Breakage(
        name="a module is renamed",
        base={
            "old.py": _CORE,
            "use.py": "from .old import area\n\nprint(area(1))\n",
            "other.py": _OTHER,
        },
        head={"old.py": None, "new.py": _CORE, "other.py": _OTHER_TOO},
        renames={"new.py": "old.py"},
        blames=(("use.py", "import area", "import-not-found", "new.py", ""),),
    ),
    Breakage(
        name="an import that others took from here goes",
        base={
            "core.py": _CORE,
            "hub.py": "from .core import area as area\n\nVERSION = 1\n",
            "use.py": "from . import hub\n\nprint(hub.area(1))\n",
            "other.py": _OTHER,
        },
        head={"hub.py": "VERSION = 1\n", "other.py": _OTHER_TOO},
        blames=(("use.py", "hub.area", "attr-defined", "hub.py", "VERSION"),),
    ),
    Breakage(
        name="an import used below goes",
        base={
            "use.py": (
                "import os\nimport sys\n\n\ndef f() -> str:\n    return os.name + sys.path[0]\n"
            ),
            "other.py": _OTHER,
        },
        head={
            "use.py": "import sys\n\n\ndef f() -> str:\n    return os.name + sys.path[0]\n",
            "other.py": _OTHER_TOO,
        },
        blames=(
            ("use.py", "os.name", "name-defined", "use.py", "import sys"),
            ("use.py", "os.name", "no-any-return", "use.py", "import sys"),
        ),
    ),
    Breakage(
        name="a constant changes its type",
        base={
            "settings.py": "DEBUG = False\nTIMEOUT = 3.0\n",
            "use.py": "from . import settings\n\nwait: float = settings.TIMEOUT\n",
            "other.py": _OTHER,
        },
        head={"settings.py": 'DEBUG = False\nTIMEOUT = "3"\n', "other.py": _OTHER_TOO},
        blames=(("use.py", "wait", "assignment", "settings.py", "TIMEOUT"),),
    ),
    Breakage(
        name="a dataclass gains a field",
        base={
            "point.py": (
                "from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n"
            ),
            "use.py": "from .point import Point\n\np = Point(1)\n",
            "other.py": _OTHER,
        },
        head={
            "point.py": (
                "from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n"
                "    y: int\n"
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "Point(1)", "call-arg", "point.py", "y: int"),),
    ),
    Breakage(
        name="an abstract method is added",
        base={
            "base.py": (
                "from abc import ABC, abstractmethod\n\n\nclass Shape(ABC):\n"
                "    @abstractmethod\n    def area(self) -> float: ...\n"
            ),
            "square.py": (
                "from .base import Shape\n\n\nclass Square(Shape):\n"
                "    def area(self) -> float:\n        return 1.0\n\n\ns = Square()\n"
            ),
            "other.py": _OTHER,
        },
        head={
            "base.py": (
                "from abc import ABC, abstractmethod\n\n\nclass Shape(ABC):\n"
                "    @abstractmethod\n    def area(self) -> float: ...\n\n"
                "    @abstractmethod\n    def edge(self) -> float: ...\n"
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("square.py", "s = Square()", "abstract", "base.py", "\n\n    @abstractmethod"),),
    ),
    Breakage(
        name="an operator changes its operand",
        base={
            "vec.py": (
                'class Vec:\n    def __add__(self, other: int) -> "Vec":\n        return self\n'
            ),
            "use.py": "from .vec import Vec\n\nv = Vec() + 1\n",
            "other.py": _OTHER,
        },
        head={
            "vec.py": (
                'class Vec:\n    def __add__(self, other: "Vec") -> "Vec":\n        return self\n'
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "Vec() + 1", "operator", "vec.py", "def __add__"),),
    ),
    Breakage(
        name="a local variable changes its type above",
        base={
            "use.py": (
                "def f(n: int) -> int:\n    found = [n]\n    found.append(2)\n    n += 1\n"
                "    found.append(n)\n    return found[0]\n"
            ),
            "other.py": _OTHER,
        },
        head={
            "use.py": (
                "def f(n: int) -> int:\n    found = {n}\n    found.add(2)\n    n += 1\n"
                "    found.append(n)\n    return n\n"
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "found.append(n)", "attr-defined", "use.py", "found = {n}"),),
    ),
    Breakage(
        name="one name of an import in parentheses is gone",
        base={
            "core.py": _CORE + "\n\ndef edge(side: float) -> float:\n    return side\n",
            "use.py": "from .core import (\n    area,\n    edge,\n)\n\nprint(area(1), edge(1))\n",
            "other.py": _OTHER,
        },
        head={
            "core.py": _CORE + "\n\ndef rim(side: float) -> float:\n    return side\n",
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "from .core import (", "attr-defined", "core.py", "def rim"),),
    ),
    Breakage(
        name="the changed type reaches an error through a file in between",
        base={
            "core.py": _CORE,
            "mid.py": "from .core import area\n\nWHOLE = area(4)\n",
            "use.py": "from .mid import WHOLE\n\ntotal: float = WHOLE\n",
            "other.py": _OTHER,
        },
        head={
            "core.py": "def area(side: float) -> str:\n    return str(side * side)\n",
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "total", "assignment", "core.py", "def area"),),
    ),
    Breakage(
        name="a key of a TypedDict is added",
        base={
            "film.py": "from typing import TypedDict\n\n\nclass Film(TypedDict):\n    title: str\n",
            "use.py": 'from .film import Film\n\nf: Film = {"title": "x"}\n',
            "other.py": _OTHER,
        },
        head={
            "film.py": (
                "from typing import TypedDict\n\n\nclass Film(TypedDict):\n    title: str\n"
                "    year: int\n"
            ),
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "f: Film", "typeddict-item", "film.py", "year: int"),),
    ),
    Breakage(
        name="a value may be None now",
        base={
            "core.py": "def find(key: str) -> str:\n    return key\n",
            "use.py": "from .core import find\n\nprint(find('a').upper())\n",
            "other.py": _OTHER,
        },
        head={
            "core.py": "def find(key: str) -> str | None:\n    return key or None\n",
            "other.py": _OTHER_TOO,
        },
        blames=(("use.py", "find('a')", "union-attr", "core.py", "def find"),),
    ),
    Breakage(
        name="two classes change a method of one name",
        base={
            "a.py": "class Mail:\n    def send(self, to: str) -> None: ...\n",
            "b.py": "class Post:\n    def send(self, to: str) -> None: ...\n",
            "use.py": (
                "from .a import Mail\nfrom .b import Post\n\n\n"
                "def f(m: Mail, p: Post) -> None:\n    p.send('x')\n    m.send('x')\n"
            ),
        },
        head={
            "a.py": "class Mail:\n    def send(self, to: bytes) -> None: ...\n",
            "b.py": "class Post:\n    def send(self, to: int) -> None: ...\n",
        },
        blames=(
            ("use.py", "p.send", "arg-type", "b.py", "def send"),
            ("use.py", "m.send", "arg-type", "a.py", "def send"),
        ),
    ),
    Breakage(
        name="one line calls a function with a new body and one with a new signature",
        base={
            "core.py": "def old(x: int) -> int:\n    return x\n\n\n"
            "def new(x: int) -> int:\n    return x\n",
            "use.py": "from .core import new, old\n\ntotal: int = old(1) + new(1)\n",
        },
        head={
            "core.py": "def old(x: int) -> int:\n    return x + 1\n\n\n"
            "def new(x: int) -> float:\n    return x\n",
        },
        blames=(("use.py", "total", "assignment", "core.py", "def new"),),
    ),
    Breakage(
        name="a constant goes from a module that changes elsewhere too",
        base={
            "core.py": f"{_CORE}\n\nB = 2\nEDGE = 3\nA = 1\n",
            "use.py": "from .core import A, EDGE\n\nprint(A, EDGE)\n",
        },
        head={"core.py": _CORE.replace("side * side", "side**2") + "\n\nB = 2\nA = 1\n"},
        blames=(("use.py", "import A", "attr-defined", "core.py", "B = 2"),),
    ),
)
