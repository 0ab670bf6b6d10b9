"""Selecting and running on real trees, with a real pytest."""

import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewbot.analyzers.pytest import Tests
from reviewbot.errors import ToolCrashed
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Analysis, Environment, Trust
from reviewbot.review.finding import Severity
from tests.analyzers.conftest import Files, MakeChange
from tests.fakes.environment import with_pytest

pytestmark = pytest.mark.anyio

_CORE = "def one():\n    return 1\n"
_BROKEN = "def one():\n    return 2\n"
_TEST = "from pkg.core import one\n\n\ndef test_one():\n    assert one() == 1\n"
_BASE = {"pkg/__init__.py": "", "pkg/core.py": _CORE, "tests/test_core.py": _TEST}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One event loop is enough here: what waits is the sandbox, tested on both."""
    return "asyncio"


@pytest.fixture(scope="module")
def environment() -> Iterator[Environment]:
    """Of the project under review: it holds pytest, and other users may read it."""
    with tempfile.TemporaryDirectory(prefix="reviewbot-test-") as folder:
        Path(folder).chmod(0o755)
        packages = with_pytest(Path(folder, "venv"))
        yield Environment(
            python=str(Path(folder, "venv", "bin", "python")),
            version=f"{sys.version_info.major}.{sys.version_info.minor}",
            site_packages=(str(packages),),
            origin=".venv",
        )


def _installed_editable(folder: Path, environment: Environment) -> Environment:
    """A virtual environment whose ``pkg`` is the tree under review, as ``pip -e`` leaves it."""
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    original = folder / "0" / "head" / "src"
    (packages / "pkg.pth").write_text(f"{original}\n{environment.site_packages[0]}\n")
    return replace(environment, python=str(folder / "venv" / "bin" / "python"))


def _exists(path: Path) -> bool:
    return path.exists()


class _Runs:
    """One repository, changed and run."""

    def __init__(self, change: MakeChange, environment: Environment, programs: Sandbox) -> None:
        self._change = change
        self._environment = environment
        self._programs = programs

    async def __call__(
        self,
        *,
        base: Files,
        head: Files,
        run: str = "trusted",
        budget: float = 60,
        trust: Trust = Trust.TRUSTED,
    ) -> Analysis:
        made = self._change(base=base, head=head, trust=trust, environment=self._environment)
        tests = Tests(programs=self._programs, run=run, budget=budget)  # type: ignore[arg-type]  # a table gives it
        return await tests.analyze(made)


@pytest.fixture
def runs(change: MakeChange, environment: Environment, programs: Sandbox) -> _Runs:
    return _Runs(change, environment, programs)


@pytest.mark.feature("A08")
async def test_a_regression_is_a_finding_where_the_test_stands(runs: _Runs) -> None:
    found = await runs(base=_BASE, head=_BASE | {"pkg/core.py": _BROKEN})
    (finding,) = found.head
    assert (finding.rule, finding.severity) == ("regression", Severity.ERROR)
    assert (finding.path, finding.line) == ("tests/test_core.py", 4)
    assert finding.message.startswith("tests/test_core.py::test_one: assert 2 == 1")
    assert found.tests is not None
    assert found.tests.failed == ("tests/test_core.py::test_one",)
    assert found.coverage.analyzed == ("tests/test_core.py",)
    assert (found.tests.ran, found.tests.reason) == (1, "")


@pytest.mark.feature("A08")
async def test_a_test_that_fails_on_the_base_too_is_a_note(runs: _Runs) -> None:
    base = _BASE | {"pkg/core.py": _BROKEN}
    found = await runs(base=base, head=base | {"pkg/core.py": "def one():\n    return 3\n"})
    assert found.head == ()
    assert found.notes == ("tests/test_core.py::test_one: fails on the base too",)


@pytest.mark.feature("A08")
async def test_a_flaky_test_is_a_note(runs: _Runs) -> None:
    flaky = (
        "import pathlib\nfrom pkg.core import one\n\n\ndef test_one():\n    assert one()\n"
        "    seen = pathlib.Path('seen')\n    first = not seen.exists()\n"
        "    seen.touch()\n    assert not first\n"
    )
    base = _BASE | {"tests/test_core.py": flaky}
    found = await runs(base=base, head=base | {"pkg/core.py": _BROKEN})
    assert found.head == ()
    assert found.notes == (
        "tests/test_core.py::test_one: failed once and passed when run again: flaky",
    )


async def test_a_new_test_that_fails_is_charged(runs: _Runs) -> None:
    head = _BASE | {"tests/test_new.py": "def test_new():\n    raise KeyError(1)\n"}
    found = await runs(base=_BASE, head=head)
    assert [each.path for each in found.head] == ["tests/test_new.py"]


async def test_a_test_file_that_no_longer_loads_is_charged_without_a_line(runs: _Runs) -> None:
    found = await runs(base=_BASE, head=_BASE | {"pkg/core.py": "def two():\n    return 1\n"})
    (finding,) = found.head
    assert (finding.path, finding.line) == ("tests/test_core.py", None)


async def test_the_copy_is_imported_and_not_the_tree_that_is_installed_editable(
    change: MakeChange, environment: Environment, programs: Sandbox, world_readable: Path
) -> None:
    where = (
        "import pathlib, pkg.core\n\n\ndef test_where():\n"
        "    here = pathlib.Path.cwd()\n"
        "    assert pathlib.Path(pkg.core.__file__).is_relative_to(here)\n"
        "    (here / 'written').touch()\n"
    )
    base = {"src/pkg/__init__.py": "", "src/pkg/core.py": _CORE, "tests/test_core.py": where}
    made = change(
        base=base,
        head=base | {"src/pkg/core.py": _BROKEN},
        trust=Trust.TRUSTED,
        environment=_installed_editable(world_readable, environment),
    )
    found = await Tests(programs=programs).analyze(made)
    assert (found.head, found.notes) == ((), ())
    assert found.coverage.analyzed == ("tests/test_core.py",)
    assert not _exists(Path(made.head.root, "written"))


async def test_a_strangers_tests_run_under_the_configuration_of_the_base(runs: _Runs) -> None:
    head = _BASE | {"pkg/core.py": _BROKEN, "pytest.ini": "[pytest]\naddopts = --collect-only\n"}
    found = await runs(base=_BASE, head=head, run="always", trust=Trust.UNTRUSTED)
    assert [each.rule for each in found.head] == ["regression"]


async def test_a_conftest_that_ends_the_run_without_a_result_is_no_success(runs: _Runs) -> None:
    head = _BASE | {"tests/conftest.py": "import os\nos._exit(0)\n"}
    with pytest.raises(ToolCrashed, match="left no result"):
        await runs(base=_BASE, head=head)


async def test_a_file_whose_tests_vanish_is_not_reviewed(runs: _Runs) -> None:
    hidden = "def pytest_collection_modifyitems(items):\n    items[:] = items[:0]\n"
    two = _BASE | {"tests/test_two.py": "def test_two():\n    assert True\n"}
    head = two | {"tests/conftest.py": hidden}
    found = await runs(base=two, head=head)
    assert {each.path for each in found.coverage.not_reviewed} == {
        "tests/test_core.py",
        "tests/test_two.py",
    }
    assert all(each.blocking for each in found.coverage.not_reviewed)


async def test_when_the_budget_ends_what_ran_counts_and_the_rest_is_named(runs: _Runs) -> None:
    slow = (
        "import time\nfrom pkg.core import one\n\n\ndef test_slow():\n    time.sleep(60 * one())\n"
    )
    base = _BASE | {"tests/test_slow.py": slow}
    found = await runs(
        base=base, head=base | {"pkg/core.py": "def one():\n    return 1 * 1\n"}, budget=3
    )
    assert found.coverage.analyzed == ("tests/test_core.py",)
    assert [each.path for each in found.coverage.not_reviewed] == ["tests/test_slow.py"]
    assert found.tests is not None
    assert found.tests.reason == "time was up: 1 affected test files were not run"


@pytest.mark.parametrize(
    ("tests", "trust", "has_environment", "reason"),
    [
        ({"run": "trusted"}, Trust.UNTRUSTED, True, "the change is not trusted"),
        ({"run": "never"}, Trust.TRUSTED, True, "running tests is switched off"),
        ({"run": "always"}, Trust.UNTRUSTED, False, "none was made"),
    ],
)
async def test_what_may_not_run_is_selected_and_says_why(  # noqa: PLR0913, PLR0917 - a table and what it needs
    change: MakeChange,
    environment: Environment,
    world_readable: Path,
    tests: dict[str, Any],
    trust: Trust,
    has_environment: bool,  # noqa: FBT001 - a table gives it
    reason: str,
) -> None:
    tripwire = world_readable / "ran"
    marker = f"import pathlib\npathlib.Path({str(tripwire)!r}).touch()\n"
    made = change(
        base=_BASE,
        head=_BASE | {"pkg/core.py": _BROKEN, "tests/conftest.py": marker},
        trust=trust,
        environment=environment if has_environment else None,
    )
    found = await Tests(programs=Sandbox(), **tests).analyze(made)
    assert found.tests is not None
    assert found.tests.selected == ("tests/test_core.py",)
    assert found.tests.reason == f"1 of 1 test files is affected; not run: {reason}"
    assert not _exists(tripwire)


async def test_a_project_without_tests_says_so(runs: _Runs) -> None:
    found = await runs(base={"a.py": "x = 1\n"}, head={"a.py": "x = 2\n"})
    assert found.tests is not None
    assert (found.tests.total, found.tests.reason) == (0, "the project has no tests")


_SERVES = """import socket


def test_one(server):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname()).close()
"""


async def test_ones_own_tests_may_talk_to_a_server_and_bring_their_own_configuration(
    runs: _Runs,
) -> None:
    head = {
        **_BASE,
        "tests/test_core.py": _SERVES,
        "pytest.ini": "[pytest]\npythonpath = plugs\naddopts = -p serving\n",
        "plugs/serving.py": "import pytest\n\n\n@pytest.fixture\ndef server():\n    return 1\n",
    }
    found = await runs(base=_BASE, head=head)
    assert found.tests is not None
    assert (found.tests.ran, found.head) == (1, ())
