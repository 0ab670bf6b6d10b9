"""What every test stands on: both event loops, reproducible examples, no process left behind."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.ledger import DOCUMENT, Result, rows, standing, tally

_FEATURE = "feature"
_GRACE = 1.0
_THREADS = Path("/proc/self/task")

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", settings.get_profile("quick"), derandomize=False)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The verbs of the ledger and of the golden files."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the renderers print as golden files",
    )
    parser.addoption(
        "--features", action="store_true", help="say which rows of docs/features.md stand"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the rows a test names into its report."""
    for item in items:
        for mark in item.iter_markers("feature"):
            item.user_properties.extend((_FEATURE, each) for each in mark.args)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tally of the ledger, if asked for."""
    if not terminalreporter.config.getoption("--features"):
        return
    reports = [
        report
        for outcome in ("passed", "failed", "error")
        for report in terminalreporter.getreports(outcome)
    ]
    ledger = rows(DOCUMENT.read_text(encoding="utf-8"))
    terminalreporter.section("features")
    for line in tally(ledger, standing(map(_result, reports))):
        terminalreporter.write_line(line)


def _result(report: pytest.TestReport) -> Result:
    features = tuple(str(value) for name, value in report.user_properties if name == _FEATURE)
    return Result(features=features, passed=report.passed)


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run each test marked ``anyio`` on both event loops."""
    backend: str = request.param
    return backend


@pytest.fixture(autouse=True)
def _no_process_left_behind() -> Iterator[None]:
    """Fail a test that ends while a process it started is still there, running or unwaited."""
    before = _children()
    yield
    until = time.monotonic() + _GRACE
    while (left := _children() - before) and time.monotonic() < until:
        time.sleep(0.01)  # a thread of the event loop may be about to wait for it
    if left:
        pytest.fail(f"processes left behind: {', '.join(map(_named, sorted(left)))}")


def _children() -> frozenset[int]:
    """The ids of our direct children, read without starting a process."""
    return frozenset(int(child) for thread in _THREADS.iterdir() for child in _children_of(thread))


def _children_of(thread: Path) -> list[str]:
    try:
        return (thread / "children").read_text().split()
    except OSError:  # the thread ended meanwhile
        return []


def _named(child: int) -> str:
    try:
        words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        words = b""
    return f"{child} ({words.decode(errors='replace').strip() or 'ended, nobody waited'})"
