"""What a reviewed project runs finds no secret of the reviewer in any process or above its tree.

An environment inside the checkout leads its tests back to the checkout (``sys.prefix``), and a
token that stands in ``.git/config`` there can be read: by one's own tests. A stranger's are not run
then.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.environment import with_pytest
from tests.fakes.repository import Repository

CANARY = "canary-7f3a91c2"
# The name is put together there, so that the files themselves do not hold it.
SPY = """
import os, pathlib

SECRET = b"canary" + b"-7f3a91c2"
MORE = ()


def places():
    here = pathlib.Path(__file__).resolve()
    for folder in (pathlib.Path.cwd(), *pathlib.Path.cwd().parents, *here.parents, *MORE):
        yield folder / ".git" / "config"
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        yield process / "environ"


def found():
    told = [repr(dict(os.environ)).encode()]
    for place in places():
        try:
            told.append(place.read_bytes())
        except OSError:
            pass
    return SECRET in b"".join(told)
"""
TEST = """
from spy import found, SECRET


def test_of_the_spy():
    import os
    os.environ["PLANTED"] = SECRET.decode()
    seen = found()
    del os.environ["PLANTED"]
    assert seen, "the spy is blind"


def test_secrets():
    assert not found(), "the spy saw a secret"
"""
CONFTEST = """
from spy import found

SEEN = found()


def pytest_runtest_makereport(item, call):
    if SEEN:
        raise SystemExit("the conftest saw a secret")
"""
PLUGIN = """
from spy import found


def plugin(version):
    raise SystemExit(f"the plugin ran and saw {found()}")
"""
PROJECT = {
    ".gitignore": ".venv\n",
    "conftest.py": CONFTEST,
    "evil.py": PLUGIN,
    "mypy.ini": "[mypy]\nplugins = ./evil.py\n",
    "shop.py": "x: int = 1\n",
    "spy.py": SPY,
}
# From the environment back into the checkout.
WIDER_SPY = SPY.replace("MORE = ()", "import sys\nMORE = pathlib.Path(sys.prefix).parents")
ALWAYS = "version: 1\nanalyses:\n  tests: {run: always}\n"
HEADER = ("http.https://example.org/.extraheader", f"AUTHORIZATION: {CANARY}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project with an environment that holds pytest."""
    made = Repository.create(tmp_path / "repository")
    made.commit(PROJECT)
    made.commit({"shop.py": "x: int = 2\n", "test_spy.py": TEST})
    with_pytest(made.root / ".venv")
    return made


@pytest.mark.feature("Q02")
def test_hostile_tests_see_no_secret_and_a_plugin_is_not_run(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("config", *HEADER)
    bench = Workbench.create(tmp_path / "bin")

    ended = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", "--format", "json"),
        *("--only", "types,tests", "--quiet"),
        secrets={"GITHUB_TOKEN": CANARY, "ANTHROPIC_API_KEY": CANARY, "AWS_SECRET": CANARY},
    )

    assert ended.code == 0, ended.err
    assert CANARY not in ended.out + ended.err
    assert ended.node("tests")["status"] == "succeeded", ended.node("tests")
    assert ended.report["tests"]["ran"] == 1, ended.report["tests"]["reason"]
    assert ended.node("types")["status"] == "succeeded"
    assert [row["message"] for row in ended.report["findings"]] == []
    assert [each for each in ended.report["notes"] if "test_spy" in each] == []


def _in_git_configuration(repository: Repository, _: Path) -> str:
    repository.git("config", *HEADER)
    return f"{repository.root}/.git/config (http.*.extraheader)"


def _for_the_next_step(_: Repository, folder: Path) -> str:
    kept = folder / "git-credentials-1.config"
    kept.write_text(f'[http "https://example.org/"]\n\textraheader = {CANARY}\n')
    return f"{kept} (http.*.extraheader)"


def _at_home(_: Repository, folder: Path) -> str:
    kept = folder / ".git-credentials"
    kept.write_text(f"https://me:{CANARY}@example.org\n")
    return str(kept)


def _nowhere(_: Repository, _folder: Path) -> str:
    return ""


@pytest.mark.feature("Q02")
@pytest.mark.parametrize("store", [_nowhere, _in_git_configuration, _for_the_next_step, _at_home])
def test_a_strangers_tests_run_only_where_no_credential_is_stored(
    store: Callable[[Repository, Path], str], repository: Repository, tmp_path: Path
) -> None:
    repository.commit({".reviewbot.yml": ALWAYS})
    repository.commit({"spy.py": WIDER_SPY})
    bench = Workbench.create(tmp_path / "bin")
    place = store(repository, bench.folder)

    ended = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", "--untrusted"),
        *("--format", "json", "--only", "tests", "--quiet"),
        secrets={"GITHUB_TOKEN": CANARY, "RUNNER_TEMP": str(bench.folder)},
    )

    assert ended.code == 0, ended.err
    assert CANARY not in ended.out + ended.err
    tests, notes = ended.report["tests"], "\n".join(ended.report["notes"])
    assert tests["selected"] == 1
    assert (tests["ran"], tests["failed"]) == (0 if place else 1, []), tests["reason"]
    assert f"beside a credential: {place}; remove it" in notes or not place
