"""The parser's own program: what it says of a file; a hostile one costs only itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.analyzers.impact.index import Index
from reviewbot.analyzers.impact.parsing.__main__ import LARGEST, summarize
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.process import Command, Completed, Sandbox
from tests.analyzers.conftest import MakeChange

_SOURCE = b'''
"""A module."""
import a.b
import c.d as e
from .f import g as h
from i import *
LIST = []
@registry.add("x")
def one(p: T, q=default):
    from late import thing
    return e.f.g.h.i.j(p, "pkg.mod.name", "word")
class C(Base, metaclass=M):
    x = attr
    @property
    def m(self): return self.n().o
    @other.decorator
    def k(self): pass
register.call(one)
if __name__ == "__main__":
    one()
'''


def test_a_summary_says_what_is_bound_and_what_is_mentioned() -> None:
    found = Summary.of(summarize(_SOURCE, wants_digests=False)["summary"])
    assert [(each.name, each.module, each.attribute, each.level) for each in found.imports] == [
        ("a", "a.b", None, 0),
        ("e", "c.d", None, 0),
        ("h", "f", "g", 1),
        ("*", "i", "*", 0),
        ("thing", "late", "thing", 0),
    ]
    assert [each.top for each in found.imports] == [True, True, True, True, False]
    assert [each.aliased for each in found.imports] == [False, True, True, True, True]
    one = found.symbols["one"]
    assert {"e.f.g.h.i", "T", "default", "registry.add"} <= set(one.chains)
    assert (one.dotted, one.parameters) == (("pkg.mod.name",), ("p", "q"))
    assert {"j", "word"} <= set(one.words)
    assert set(found.symbols["C"].chains) == {"Base", "M", "attr"}
    assert "self.n" in found.symbols["C.m"].chains
    assert "o" in found.symbols["C.m"].words
    assert (found.classes, found.decorated) == ({"C": ("Base",)}, ("C.k",))
    assert found.containers == ("LIST",)
    assert ("registry.add", ("one",)) in found.registrations
    assert any(chain == "register.call" and "one" in names for chain, names in found.registrations)
    assert set(found.symbols) == {"LIST", "one", "C", "C.m", "C.k", "<effects>", "<main>"}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (b"def f():\n    return 1\n", b"def f():\n\n    return (1)  # one\n", set()),
        (b'def f():\n    "a"\n    return 1\n', b'def f():\n    "b"\n    return 1\n', set()),
        (b"def f():\n    return 1\n", b"def f():\n    return 2\n", {"f"}),
        (b"def f(): pass\nx = 1\n", b"def f(): pass\nx = 2\n", {"x"}),
        (b"class C:\n    def m(self): f(1)\n", b"class C:\n    def m(self): f(2)\n", {"C.m"}),
        (b"class C:\n    y = 1\n", b"class C:\n    y = 2\n", {"C"}),
        (b"from a import b\n", b"from c import b\n", {"b"}),
        (b"from a import *\n", b"from c import *\n", {"*"}),
        (b"run(1)\n", b"run(2)\n", {"<effects>"}),
        (b"if __name__ == '__main__': f(1)", b"if __name__ == '__main__': f(2)", {"<main>"}),
    ],
)  # fmt: skip
def test_digests_tell_exactly_the_symbols_that_differ(
    before: bytes, after: bytes, changed: set[str]
) -> None:
    old = summarize(before, wants_digests=True)["digests"]
    new = summarize(after, wants_digests=True)["digests"]
    assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} == changed


def test_a_docstring_is_a_change_where_docstrings_run() -> None:
    texts = (b'def f():\n    ">>> 1"\n    return 1\n', b'def f():\n    ">>> 2"\n    return 1\n')
    old, new = (summarize(each, wants_digests=True, docstrings=True)["digests"] for each in texts)
    assert old != new


@pytest.mark.parametrize(
    "source",
    [
        b"x = 1\0",
        b"# coding: nonsense\n",
        b"def f(:\n",
        b"(" * 5000,
        b"x = " + b"-" * 100_000 + b"1",
        b"x = '\xff'\n",
        b"import pkg.one\n" + b"#" * (LARGEST + 1),
    ],
    ids=["NUL", "cookie", "syntax", "parentheses", "unary", "latin", "large"],
)
def test_a_file_that_cannot_be_parsed_is_unknown_and_keeps_its_imports(source: bytes) -> None:
    found = Summary.of(summarize(source + b"\nimport pkg.one\n", wants_digests=True)["summary"])
    assert found.unknown
    assert [each.module for each in found.imports] == ["pkg.one"]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_is_a_summary(source: bytes) -> None:
    assert Summary.of(summarize(source, wants_digests=True)["summary"]) is not None


class _Dies:
    """The real sandbox, but the parser is killed when it comes to a file named ``bomb.py``."""

    notes = ()

    def __init__(self) -> None:
        self._real = Sandbox()

    async def run(self, command: Command) -> Completed:
        done = await self._real.run(command)
        before, bomb, _ = command.stdin.partition(b"bomb.py")
        if not bomb:
            return done
        kept = b"".join(done.stdout.splitlines(keepends=True)[: before.count(b".py")])
        return Completed(
            returncode=-9, stdout=kept, stderr=b"", seconds=done.seconds, cpu_seconds=0
        )


@pytest.mark.anyio
async def test_a_file_that_kills_the_parser_costs_only_itself(change: MakeChange) -> None:
    files = {"a.py": "x = 1\n", "bomb.py": "y = 1\n", "c.py": "z = 1\n"}
    tree = change(base={}, head=files).head
    found = await Index(programs=_Dies()).summaries(tree, sorted(files))
    assert {path: bool(each.unknown) for path, each in found.items()} == {
        "a.py": False,
        "bomb.py": True,
        "c.py": False,
    }
