"""The order of affected tests, and the reasons given for them."""

import subprocess
import sys

import pytest

from reviewbot.analyzers.impact import select
from reviewbot.analyzers.impact.ranking import named_after
from reviewbot.process import Sandbox
from reviewbot.review.analysis import TestReport
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from tests.analyzers.conftest import MakeChange

_BASE = {
    "pkg/__init__.py": "",
    "pkg/core.py": "def send():\n    return 1\n",
    "pkg/api.py": "from pkg.core import send\ndef call():\n    return send()\n",
    "tests/test_api.py": "from pkg.api import call\ndef test_call(): call()\n",
    "tests/test_core.py": "from pkg.core import send\ndef test_send(): send()\n",
    "tests/test_rare.py": "from pkg.core import send\ndef test_send(): send('timeout')\n",
    "tests/test_other.py": "def test_other(): pass\n",
}
_HEAD = _BASE | {"pkg/core.py": "def send(timeout=3):\n    return timeout\n"}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One event loop is enough: the selection itself is one thread's work."""
    return "asyncio"


async def _report(change: MakeChange, head: dict[str, str]) -> TestReport:
    return (await select(change(base=_BASE, head=head), Sandbox())).report


@pytest.mark.anyio
async def test_named_after_the_module_comes_before_the_neighbour_and_that_before_the_far(
    change: MakeChange,
) -> None:
    report = await _report(change, _HEAD)
    assert report.total == 4
    assert set(report.selected) == {"tests/test_core.py", "tests/test_rare.py", "tests/test_api.py"}
    assert report.selected[-1] == "tests/test_api.py"


@pytest.mark.anyio
async def test_a_test_that_the_change_touches_comes_first(change: MakeChange) -> None:
    touched = "from pkg.api import call\ndef test_call(): assert call()\n"
    report = await _report(change, _HEAD | {"tests/test_api.py": touched})
    assert report.selected[0] == "tests/test_api.py"
    assert report.reasons["tests/test_api.py"] == ("changed by the change itself",)


@pytest.mark.anyio
async def test_the_reason_is_the_chain_of_files_from_the_change_to_the_test(
    change: MakeChange,
) -> None:
    report = await _report(change, _HEAD)
    assert report.reasons["tests/test_api.py"] == ("pkg/core.py", "pkg/api.py", "tests/test_api.py")
    assert report.reasons["tests/test_core.py"] == ("pkg/core.py", "tests/test_core.py")


@pytest.mark.anyio
async def test_a_rare_word_of_the_change_moves_a_test_forward(change: MakeChange) -> None:
    plain = _BASE | {"tests/test_a.py": _BASE["tests/test_rare.py"].replace("'timeout'", "")}
    head = plain | {"pkg/core.py": _HEAD["pkg/core.py"]}
    report = (await select(change(base=plain, head=head), Sandbox())).report
    order = report.selected
    assert order.index("tests/test_rare.py") < order.index("tests/test_a.py")


@pytest.mark.parametrize(
    ("test", "changed", "expected"),
    [
        ("tests/test_core.py", "pkg/core.py", True),
        ("tests/core_test.py", "pkg/_core_.py", True),
        ("tests/test_pkg.py", "pkg/__init__.py", True),
        ("tests/test_io.py", "pkg/io.py", False),
        ("tests/test_core.py", "pkg/core.txt", False),
        ("tests/test_core.py", "tests/test_core.py", False),
    ],
)
def test_a_test_is_named_after_a_module_of_three_letters_or_more(
    test: str, changed: str, *, expected: bool
) -> None:
    file = FileDiff(status=FileStatus.MODIFIED, path=changed, old_path=changed)
    assert bool(named_after(test, Diff(files=(file,)))) is expected


_ASKED_AGAIN = """
from reviewbot.analyzers.impact.graph import Graph
from reviewbot.analyzers.impact.ranking import Likeness
from reviewbot.analyzers.impact.summary import Binding, Summary, Symbol

names = [f"m{number}" for number in range(30)]
bound = tuple(Binding(name, name, None, 0, True, False) for name in names)
chains = tuple(f"{name}.f" for name in names)
files = {f"{name}.py": Summary(symbols={"f": Symbol()}) for name in names}
files["test_all.py"] = Summary(imports=bound, symbols={"test": Symbol(chains=chains)})
graph = Graph(files, tests=["test_all.py"], aliases={})
print(graph.reach({(f"{name}.py", "f") for name in names}))
counts = {name: place for place, name in enumerate(names)}
held = {"test_all.py": frozenset(names)}
print(Likeness(lines=counts, names=frozenset(), held=held, tests=31).bonus("test_all.py"))
"""


def test_the_seed_of_hashing_changes_no_reason_and_no_order() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _ASKED_AGAIN],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
