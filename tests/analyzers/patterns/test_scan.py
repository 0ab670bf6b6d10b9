"""What each rule finds, and what only looks like it. No secret below is real or whole."""

import json
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.analyzers.patterns import Patterns
from reviewbot.analyzers.patterns.rules import RULES, Rule
from reviewbot.analyzers.patterns.scan import is_placeholder
from reviewbot.process import Sandbox
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

_LETTERS = string.ascii_letters + string.digits


def letters(count: int, alphabet: str = _LETTERS) -> str:
    return "".join(random.Random(count).choices(alphabet, k=count))  # noqa: S311 -- made-up keys


UPPER = string.ascii_uppercase + string.digits
SECRETS = {
    "secret-aws": "AKIA" + letters(16, UPPER),
    "secret-github": "ghp_" + letters(36),
    "secret-gitlab": "glpat-" + letters(20),
    "secret-slack": "xoxb-" + letters(40),
    "secret-slack-hook": "hooks.slack.com/services/T"
    + "/B".join((letters(9), letters(9)))
    + "/"
    + letters(24),
    "secret-stripe": "sk_live_" + letters(24),
    "secret-google": "AIza" + letters(35),
    "secret-anthropic": "sk-ant-" + letters(40),
    "secret-openai": "sk-proj-" + letters(48),
    "secret-pypi": "pypi-AgEIcHlwaS5vcmc" + letters(60),
    "secret-npm": "npm_" + letters(36),
    "secret-sendgrid": f"SG.{letters(22)}.{letters(43)}",
    "secret-huggingface": "hf_" + letters(34),
    "secret-jwt": f"eyJ{letters(30)}.eyJ{letters(30)}.{letters(30)}",
    "secret-private-key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "secret-url-password": "postgres://admin:" + letters(12) + "@db.internal/app",
}

TEXTUAL = [rule for rule in RULES.values() if rule.pattern]


@pytest.mark.parametrize("rule", TEXTUAL, ids=lambda rule: rule.id)
@given(st.data())
@settings(max_examples=25)
def test_no_match_of_a_pattern_lacks_all_of_its_needles(rule: Rule, data: st.DataObject) -> None:
    found = data.draw(st.from_regex(rule.pattern))
    assert any(needle in found for needle in rule.needles)


CODE = {
    "sql-built-from-text": (
        'db.execute(f"SELECT * FROM t WHERE a = {x}")',
        "db.executemany(\"DELETE FROM t WHERE a = '%s'\" % x)",
        'db.execute("select a from " + x)',
        'db.execute("INSERT INTO {} VALUES (1)".format(x))',
        'q = f"UPDATE t SET a = {x}"\ndb.execute(q, y)',
        'from sqlalchemy import text as t\nt(f"SELECT {x}")',
    ),
    "code-from-data": ("eval(x)", "exec(compile(x, y, z))", "from builtins import eval as e\ne(x)"),
    "unsafe-deserialization": (
        "import pickle as p\np.loads(x)",
        "from marshal import load\nload(x)",
        "import yaml\nyaml.load(x)",
        "import yaml\nyaml.load(x, Loader=yaml.Loader)",
        "import shelve\nshelve.open(x)",
    ),
    "shell-command-from-text": (
        'subprocess.run(f"ls {x}", shell=True)',
        "import os\nos.system(x)",
        'import os\nos.popen("ls " + x)',
    ),
    "password-literal": (
        'password = "hunter2-tiger"',
        'connect(api_key="a8f2c9d0")',
        'settings = {"DB_PASSWORD": "hunter2-tiger"}',
        'self.secret_key = "hunter2-tiger"',
        'config["auth_token"] = "a8f2c9d0"',
        'password: str = "hunter2-tiger"',
    ),
    "cors-any-origin": (
        'app.add_middleware(CORSMiddleware, allow_origins=["*"])',
        'from flask_cors import CORS\nCORS(app, origins="*")',
        "from flask_cors import CORS\nCORS(app)",
        'response.headers["Access-Control-Allow-Origin"] = "*"',
        'self.set_header("Access-Control-Allow-Origin", "*")',
        'headers = {"access-control-allow-origin": "*"}',
        "CORS_ALLOW_ALL_ORIGINS = True",
        "CORS_ORIGIN_ALLOW_ALL: bool = True",
    ),
    "cors-any-origin-with-credentials": (
        'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)',
        'from flask_cors import CORS\nCORS(app, origins=["*"], supports_credentials=True)',
    ),
}

HARMLESS = (
    'db.execute("SELECT * FROM t WHERE a = %s", (x,))',
    'db.execute("SELECT a " + "FROM t")',
    'db.execute(f"SELECT 1")',
    'log.execute(f"selected {x}")',
    'eval("1 + 1")',
    "model.eval()",
    "import json\njson.loads(x)",
    "import yaml\nyaml.load(x, Loader=yaml.SafeLoader)\nyaml.load(x, yaml.CSafeLoader)",
    'subprocess.run("ls -l", shell=True)',
    "subprocess.run([x])",
    '"""eval(x); password = \'hunter2-tiger\'"""  # os.system(x)',
    'password = ""',
    'password = "password"',
    'password = "<your password>"',
    'password = os.environ["PASSWORD"]',
    'token = "a b c d e f"',
    'password_field = "the_field_name"',
    'app.add_middleware(CORSMiddleware, allow_origins=["https://a.org"])',
    'from flask_cors import CORS\nCORS(app, origins=["https://a.org"])',
    "CORS_ALLOW_ALL_ORIGINS = False",
    "key = 'AKIA" + "IOSFODNN7EXAMPLE'",
    "token = 'ghp_" + "x" * 36 + "'",
    "url = 'postgres://user:password@localhost/db'",
    "url = 'https://user:${PASSWORD}@host/'",
)


def test_every_rule_has_a_case() -> None:
    assert SECRETS.keys() | CODE.keys() == RULES.keys()


@pytest.mark.feature("A06")
async def test_every_rule_finds_what_it_is_for(change: MakeChange, programs: Sandbox) -> None:
    head = {f"{rule}-{n}.py": code for rule, codes in CODE.items() for n, code in enumerate(codes)}
    head |= {f"{rule}.env": f"A={value}\n" for rule, value in SECRETS.items()}
    head |= {f"{rule}.py": f"# {value}\n" for rule, value in SECRETS.items()}
    analysis = await Patterns(programs=programs).analyze(change(head=head))
    found = {each.path: each for each in analysis.head}
    assert sorted(found) == sorted(head)
    assert len(analysis.head) == len(head)
    for path, finding in found.items():
        assert path.startswith(finding.rule)
        assert finding.cwe
        assert finding.impact
        assert finding.remediation
    assert set(analysis.coverage.analyzed) == {path for path in head if path.endswith(".py")}


async def test_what_only_looks_like_it_is_none(change: MakeChange, programs: Sandbox) -> None:
    head = {f"{n}.py": code + "\n" for n, code in enumerate(HARMLESS)}
    analysis = await Patterns(programs=programs).analyze(change(head=head))
    assert [(head[each.path], each.rule) for each in analysis.head] == []
    assert len(analysis.coverage.analyzed) == len(HARMLESS)


async def test_no_secret_leaves_the_scan(change: MakeChange, programs: Sandbox) -> None:
    head = {f"{rule}.py": f"x = f('{value}')  # {value}\n" for rule, value in SECRETS.items()}
    head["p.py"] = 'password = "hunter2-tiger"\n'
    analysis = await Patterns(programs=programs).analyze(change(head=head))
    assert {each.path for each in analysis.head} == head.keys()
    said = json.dumps([str(each) for each in analysis.head])
    del head["secret-private-key.py"]  # its first line is no secret
    assert [rule for rule, value in SECRETS.items() if f"{rule}.py" in head and value in said] == []
    assert "hunter2" not in said


_FEW = st.lists(st.sampled_from(_LETTERS), min_size=1, max_size=4).flatmap(
    lambda letters: st.text(alphabet=letters, min_size=16)
)


@given(_FEW)
def test_few_different_letters_are_no_secret(text: str) -> None:
    assert is_placeholder(text)
