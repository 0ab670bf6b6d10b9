"""The result file: what a real pytest writes, and what a hostile one could."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.analyzers.pytest.junit import LARGEST, Outcome, parse_report
from reviewbot.errors import ToolGarbled

_SUITE = """
import pytest, unittest
@pytest.mark.parametrize("x", ["c::d", "2"])
def test_p(x):
    assert x == "2"
class TestC(unittest.TestCase):
    def test_m(self):
        self.assertEqual(1, 2)
@pytest.fixture
def bad():
    raise ValueError("x\\ny")
def test_setup(bad): pass
@pytest.mark.xfail
def test_x(): assert 0
class TestOuter:
    class TestInner:
        def test_i(self): pass
"""


def test_a_real_result_file_gives_ids_lines_and_first_lines(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(_SUITE)
    (tmp_path / "tests" / "test_b.py").write_text("import nope_not_there\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"),
            *("--rootdir=.", "--continue-on-collection-errors", "-o", "junit_family=xunit1"),
            *("--junit-xml=out.xml", "--", "./tests/test_a.py", "./tests/test_b.py"),
        ],
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    found = {case.id: case for case in parse_report((tmp_path / "out.xml").read_bytes())}
    assert {id_: case.outcome for id_, case in found.items()} == {
        "tests/test_b.py": Outcome.FAILED,
        "tests/test_a.py::test_p[c::d]": Outcome.FAILED,
        "tests/test_a.py::test_p[2]": Outcome.PASSED,
        "tests/test_a.py::TestC::test_m": Outcome.FAILED,
        "tests/test_a.py::test_setup": Outcome.FAILED,
        "tests/test_a.py::test_x": Outcome.SKIPPED,
        "tests/test_a.py::TestOuter::TestInner::test_i": Outcome.PASSED,
    }
    assert found["tests/test_a.py::test_p[c::d]"].line == 3
    assert found["tests/test_a.py::test_p[c::d]"].selector == "tests/test_a.py::test_p"
    assert found["tests/test_a.py::TestC::test_m"].message == "AssertionError: 1 != 2"


_HEAD = b'<?xml version="1.0"?>'
_BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<testsuites><testsuite>&b;</testsuite></testsuites>"
)
_EXTERNAL = (
    b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b"<testsuites><testsuite>&a;</testsuite></testsuites>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        _HEAD + b"<testsuites>",
        _HEAD + b"<html></html>",
        _HEAD + _BOMB,
        _HEAD + _EXTERNAL,
        (_HEAD.decode() + _BOMB.decode()).encode("utf-16"),
        b" " * (LARGEST + 1),
    ],
    ids=["empty", "NUL", "truncated", "html", "entities", "external", "utf-16", "too large"],
)
def test_a_hostile_result_file_is_refused(data: bytes) -> None:
    with pytest.raises(ToolGarbled):
        parse_report(data)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_answer_is_cases_or_garbled(noise: bytes) -> None:
    data = b"<testsuites><testsuite>" + noise + b"</testsuite></testsuites>"
    try:
        found = parse_report(data)
    except ToolGarbled:
        return
    assert all(case.path for case in found)


def test_an_interrupted_run_ends_with_a_nameless_entry_that_is_no_test() -> None:
    data = (
        b'<testsuites><testsuite><testcase classname="t" name="test_a" file="t.py" line="0"/>'
        b"<testcase/></testsuite></testsuites>"
    )
    assert [case.id for case in parse_report(data)] == ["t.py::test_a"]
