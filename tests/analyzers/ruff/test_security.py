"""Ruff in bandit's place: the same weight for the same weakness."""

import pytest

from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.ruff import RuffSecurity
from reviewbot.process import Sandbox
from reviewbot.review.finding import Confidence, Severity
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

WEAK = """\
import ftplib, hashlib, marshal, os, pickle, random, requests, subprocess, telnetlib, tempfile
import ssl, tarfile, xml.etree.ElementTree as ET, yaml
from flask import Flask
def f(x, app: Flask):
    assert x
    exec(x)
    os.chmod("/etc/x", 0o777)
    try:
        pickle.loads(x)
    except Exception:
        pass
    requests.get(x)
    requests.get(x, verify=False, timeout=1)
    app.run(debug=True)
    marshal.loads(x)
    tempfile.mktemp()
    eval(x)
    random.random()
    ET.fromstring(x)
    ftplib.FTP(x)
    ssl._create_unverified_context()
    hashlib.md5(x)
    yaml.load(x)
    subprocess.Popen("ls " + x, shell=True)
    subprocess.Popen([x])
    os.system("ls " + x)
    x.execute("SELECT * FROM t WHERE a = '%s'" % x)
    bind("0.0.0.0")
    connect(password="tiger")
"""


async def test_it_weighs_what_bandit_weighs(change: MakeChange, programs: Sandbox) -> None:
    made = change(head={"a.py": WEAK})
    bandit = {
        (each.rule[1:], each.line): each
        for each in (await Bandit(programs=programs).analyze(made)).head
    }
    ruff = {
        (each.rule[1:], each.line): each
        for each in (await RuffSecurity(programs=programs).analyze(made)).head
    }
    both = bandit.keys() & ruff.keys()
    assert len(both) >= 20
    different = {
        key: (bandit[key], ruff[key])
        for key in both
        if (bandit[key].severity, bandit[key].confidence, bandit[key].cwe)
        != (ruff[key].severity, ruff[key].confidence, ruff[key].cwe)
    }
    assert different == {}


async def test_it_answers_both_sides_and_leaves_tests_out(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"a.py": "eval(x)\n", "tests/b.py": ""},
        head={"a.py": "eval(x)\nos.system(x)\n", "tests/b.py": "assert 1\n"},
    )
    analysis = await RuffSecurity(programs=programs).analyze(made)
    assert [(each.rule, each.line) for each in analysis.head] == [("S307", 1)]
    assert [(each.rule, each.line) for each in analysis.base or ()] == [("S307", 1)]
    assert analysis.coverage.excluded == ("tests/b.py",)
    (found,) = analysis.head
    assert (found.node, found.severity, found.cwe) == ("security", Severity.WARNING, 78)
    assert found.confidence is Confidence.HIGH
    assert found.impact
    assert found.remediation


async def test_no_configuration_hides_anything(change: MakeChange, programs: Sandbox) -> None:
    rules = {"ruff.toml": 'exclude = ["**"]\nlint.ignore = ["S"]\n'}
    made = change(base=rules, head={**rules, "dist/a.py": "eval(x)\n"})
    analysis = await RuffSecurity(programs=programs).analyze(made)
    assert [each.rule for each in analysis.head] == ["S307"]


async def test_a_syntax_error_is_a_gap(change: MakeChange, programs: Sandbox) -> None:
    analysis = await RuffSecurity(programs=programs).analyze(change(head={"a.py": "x = (\n"}))
    assert analysis.head == ()
    assert [each.path for each in analysis.coverage.not_reviewed] == ["a.py"]
