"""One run for both trees says what two runs say, and a culprit costs only itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.analyzers.answers.pair import Pair
from reviewbot.analyzers.answers.side import Side
from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.patterns import Patterns
from reviewbot.errors import ToolCrashed
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.analysis import Analysis, Analyzer, Change, NotReviewed
from reviewbot.review.finding import Finding, Location, Severity
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

SHELL = "import subprocess\nsubprocess.call(x, shell=True)\nexec(y)  # nosec\n"
CORS = "CORS_ALLOW_ALL_ORIGINS = True\n"
LARGE = "#" * (1 << 17)
"""More than a start of a tool is worth."""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Starts:
    """The real sandbox; counts the starts, and lets no program read a file of some name."""

    notes = ()

    def __init__(self, bomb: str = "no such file") -> None:
        self.real = Sandbox()
        self.bomb = bomb
        self.count = 0

    async def run(self, command: Command) -> Completed:
        self.count += 1
        if self.bomb in f"{command.argv} {command.stdin.decode()}":
            raise ToolCrashed("it ended with -11")
        return await self.real.run(command)


def apart(change: Change, folder: Path) -> Change:
    """The same change, with its base in another directory."""
    root = folder / "elsewhere" / "base"
    root.parent.mkdir(mode=0o755)
    Path(change.base.root).rename(root)
    return replace(change, base=replace(change.base, root=str(root)))


def what_it_says(analysis: Analysis) -> Analysis:
    return replace(analysis, seconds={})


FILES: tuple[Mapping[str, str], Mapping[str, str]] = (
    {"pkg/__init__.py": "", "pkg/a.py": "eval(x)\n", "b.py": SHELL, "broken.py": "x = (\n"},
    {"pkg/__init__.py": "1", "pkg/a.py": f"{SHELL}{CORS}", "b.py": CORS, "broken.py": "y = (\n"},
)


@pytest.mark.parametrize("analyzer", [Bandit, Patterns])
async def test_one_run_for_both_trees_says_what_two_runs_say(
    analyzer: type[Bandit | Patterns], change: MakeChange, world_readable: Path
) -> None:
    base, head = FILES
    together, separate = Starts(), Starts()
    made = change(base=base, head=head)
    one = await analyzer(programs=together).analyze(made)
    two = await analyzer(programs=separate).analyze(apart(made, world_readable))
    assert one.head
    assert one.base
    assert what_it_says(one) == what_it_says(two)
    assert together.count * 2 == separate.count


async def test_what_takes_longer_than_a_start_is_left_to_a_second_core(change: MakeChange) -> None:
    starts = Starts()
    made = change(base={"a.py": LARGE}, head={"a.py": f"eval(x)\n{LARGE}"})
    await Bandit(programs=starts).analyze(made)
    assert starts.count == 2


async def test_a_project_that_asks_for_paths_has_its_trees_scanned_apart(
    change: MakeChange,
) -> None:
    # Bandit calls a file that it was given as ./a.py ././a.py.
    rules = {"bandit.yaml": 'assert_used: {skips: ["././checks/*"]}\n'}
    made = change(
        base={**rules, "checks/a.py": "assert 1\n", "b.py": "assert 1\n"},
        head={**rules, "checks/a.py": "assert 2\n", "b.py": "assert 2\n"},
    )
    analysis = await Bandit(programs=Starts()).analyze(made)
    assert [each.path for each in analysis.head] == ["b.py"]
    assert [each.path for each in analysis.base or ()] == ["b.py"]


@pytest.mark.parametrize("analyzer", [Bandit, Patterns])
async def test_a_file_that_crashes_the_run_for_both_costs_only_itself(
    analyzer: type[Bandit | Patterns], change: MakeChange
) -> None:
    made = change(
        base={"a.py": CORS, "b.py": "eval(x)\n"},
        head={"a.py": SHELL, "b.py": SHELL, "bomb.py": "1\n"},
    )
    one: Analyzer = analyzer(programs=Starts("bomb.py"))
    analysis = await one.analyze(made)
    assert analysis.coverage.analyzed == ("a.py", "b.py")
    assert [each.path for each in analysis.coverage.not_reviewed] == ["bomb.py"]
    assert {each.path for each in analysis.head} == {"a.py", "b.py"}
    assert "b.py" in {each.path for each in analysis.base or ()}


async def test_a_tool_that_crashes_on_one_whole_tree_is_judged_as_before(
    change: MakeChange,
) -> None:
    made = change(base={"old.py": "eval(x)\n"}, head={"new.py": "eval(x)\n"})
    analysis = await Bandit(programs=Starts("old.py")).analyze(made)
    assert analysis.base is None
    with pytest.raises(ToolCrashed):
        await Bandit(programs=Starts("new.py")).analyze(made)


@pytest.mark.parametrize("analyzer", [Bandit, Patterns])
async def test_a_file_that_crashes_beside_known_ones_costs_only_itself(
    analyzer: type[Bandit | Patterns], change: MakeChange, tmp_path: Path
) -> None:
    known = {"a.py": f"eval(x)\n{CORS}"}
    await analyzer(programs=Starts()).analyze(change(head=known, cache=str(tmp_path)))
    made = change(head={**known, "bomb.py": "1\n"}, cache=str(tmp_path))
    analysis = await analyzer(programs=Starts("bomb.py")).analyze(made)
    assert analysis.coverage.analyzed == ("a.py",)
    assert {each.path for each in analysis.head} == {"a.py"}


@pytest.mark.feature("S08")
async def test_secrets_are_searched_once_in_the_same_bytes(
    change: MakeChange, tmp_path: Path
) -> None:
    key = "-----BEGIN " + "PRIVATE KEY-----\n"
    base, push = (
        {"a.py": CORS, "c.txt": key},
        {"a.py": f"#\n{CORS}", "b.py": "x = (\n", "c.txt": ""},
    )
    first = change(base=base, head=push, cache=str(tmp_path))
    await Patterns(programs=Starts()).analyze(first)
    starts = Starts()
    second = change(base=base, head={**push, "a.py": SHELL}, cache=str(tmp_path))
    warm = await Patterns(programs=starts).analyze(second)
    cold = await Patterns(programs=Starts()).analyze(replace(second, cache=None))
    assert what_it_says(warm) == what_it_says(cold)
    assert starts.count == 1


def test_what_is_said_about_a_pair_is_parted_by_tree(change: MakeChange) -> None:
    made = change(base={"head/a.py": "1"}, head={"a.py": "2"})
    pair = Pair.of(made, ["a.py"], ["head/a.py"])
    assert pair is not None
    assert pair.files == ("head/a.py", "base/head/a.py")
    found = Side(
        findings=tuple(_finding(path) for path in pair.files),
        hidden=(_finding("base/head/a.py"),),
        not_reviewed=(NotReviewed(path="head/a.py", reason="odd"),),
    )
    head, base = pair.parted(found)
    assert [each.path for each in head.findings] == ["a.py"]
    assert [each.path for each in base.findings] == ["head/a.py"]
    assert (head.hidden, [each.path for each in base.hidden]) == ((), ["head/a.py"])
    assert ([each.path for each in head.not_reviewed], base.not_reviewed) == (["a.py"], ())


def _finding(path: str) -> Finding:
    return Finding(
        node="security",
        tool="bandit",
        rule="B102",
        message="exec",
        severity=Severity.ERROR,
        location=Location(path=path, line=1),
    )
