"""Ruff on real trees, in both runs that matter: before the change and after it."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.analyzers.ruff import Ruff
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Analysis
from reviewbot.review.finding import Finding, Severity
from reviewbot.testing.fakes.programs import FakePrograms, says
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

F401 = '[tool.ruff.lint]\nselect = ["F401"]\n'


def places(findings: tuple[Finding, ...] | None) -> list[tuple[str, str, int | None]]:
    return [(each.rule, each.path, each.line) for each in findings or ()]


def gaps(analysis: Analysis) -> dict[str | None, str]:
    return {each.path: each.reason for each in analysis.coverage.not_reviewed}


def content(root: str, path: str) -> str:
    return Path(root, path).read_text()


@pytest.mark.feature("A03")
async def test_both_sides_are_linted_under_the_configuration_of_the_base(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"pyproject.toml": F401, "a.py": "import os\n", "same.py": "import os\n"},
        head={
            "pyproject.toml": F401,
            "a.py": "import os\nimport re\nx=1;\n",
            "same.py": "import os\n",
        },
    )
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == [("F401", "a.py", 1), ("F401", "a.py", 2)]
    assert places(analysis.base) == [("F401", "a.py", 1)]
    assert analysis.coverage.analyzed == ("a.py",)
    assert analysis.configuration == ""


@pytest.mark.feature("D09")
async def test_a_finding_carries_all_that_ruff_knows(change: MakeChange, programs: Sandbox) -> None:
    made = change(head={"a.py": "def f():\n    import os\n    return undefined\n"})
    unused, undefined = (await Ruff(programs=programs).analyze(made)).head
    assert (unused.rule, unused.severity, unused.symbol) == ("F401", Severity.WARNING, "f")
    assert unused.source == "    import os"
    assert unused.url.startswith("https://")
    assert unused.suggestion is not None
    assert unused.suggestion.safe
    assert unused.location.column == 12
    assert (undefined.rule, undefined.severity) == ("F821", Severity.ERROR)
    assert undefined.node == "lint"


async def test_a_renamed_file_is_compared_with_what_it_was(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"old.py": "import os\n", "gone.py": "import re\n"},
        head={"new.py": "import os\n"},
        renames={"new.py": "old.py"},
    )
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == [("F401", "new.py", 1)]
    assert places(analysis.base) == [("F401", "gone.py", 1), ("F401", "old.py", 1)]


@pytest.mark.parametrize("name", ["pyproject.toml", "ruff.toml", ".ruff.toml"])
async def test_configuration_of_the_head_decides_nothing_but_is_told(
    change: MakeChange, programs: Sandbox, name: str
) -> None:
    silent = 'exclude = ["**"]\nfix = true\nlint.select = []\nrequired-version = ">=99"\n'
    strict = 'lint.select = ["E711", "F401"]\n'
    if name == "pyproject.toml":
        silent, strict = f"[tool.ruff]\n{silent}", f"[tool.ruff]\n{strict}"
    code = {"a.py": "import os\nx = os == None\n", "b.py": "y = 1\nz = y == None\n"}
    before = {"pyproject.toml": F401, "a.py": "import os\n", "b.py": code["b.py"]}
    for text, brings in ((silent, []), (strict, [("E711", "a.py", 2), ("E711", "b.py", 2)])):
        made = change(base=before, head={"pyproject.toml": F401, **code, name: text})
        analysis = await Ruff(programs=programs).analyze(made)
        assert places(analysis.head) == []
        assert places(analysis.configured) == brings
        assert analysis.configuration == name
        assert content(made.head.root, "a.py") == code["a.py"]


async def test_the_same_settings_in_another_order_are_no_change(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"pyproject.toml": "[tool.ruff]\nline-length = 90\nindent-width = 2\n"},
        head={
            "pyproject.toml": "[tool.ruff]\nindent-width = 2  # two\nline-length = 90\n",
            "a.py": "a = 1\n",
        },
    )
    assert (await Ruff(programs=programs).analyze(made)).configuration == ""


async def test_broken_configuration_of_the_head_is_a_note(
    change: MakeChange, programs: Sandbox
) -> None:
    for text in ("[tool.ruff", '[tool.ruff.lint]\nselect = ["NOPE1"]\n'):
        made = change(
            base={"pyproject.toml": F401},
            head={"pyproject.toml": text, "a.py": "import os\n"},
        )
        analysis = await Ruff(programs=programs).analyze(made)
        assert places(analysis.head) == [("F401", "a.py", 1)]
        assert any("pyproject.toml" in note for note in analysis.notes)


async def test_broken_configuration_of_the_base_costs_only_the_project_s_own_rules(
    change: MakeChange, programs: Sandbox
) -> None:
    text = '[tool.ruff.lint]\nselect = ["NOPE1"]\n'
    made = change(
        base={"pyproject.toml": text}, head={"pyproject.toml": text, "a.py": "import os\n"}
    )
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == [("F401", "a.py", 1)]
    assert "our own rules were used instead" in analysis.notes[0]


async def test_each_file_of_a_monorepo_is_linted_under_its_nearest_configuration(
    change: MakeChange, programs: Sandbox
) -> None:
    root = '[tool.ruff.lint]\nselect = ["F401"]\nper-file-ignores = {"one/tests/*" = ["F401"]}\n'
    rules = {
        "pyproject.toml": root,
        "one/ruff.toml": 'extend = "../pyproject.toml"\nlint.extend-select = ["E711"]\n',
        "two/pyproject.toml": '[tool.ruff.lint]\nselect = ["E711"]\n'
        'per-file-ignores = {"tests/*" = ["E711"]}\n',
    }
    code = "import os\ny = 1\nx = y == None\n"
    paths = ("a.py", "one/a.py", "one/tests/a.py", "two/a.py", "two/tests/a.py")
    made = change(base=rules, head={**rules, **dict.fromkeys(paths, code)})
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == [
        ("F401", "a.py", 1),
        ("F401", "one/a.py", 1),
        ("E711", "one/a.py", 3),
        ("E711", "one/tests/a.py", 3),
        ("E711", "two/a.py", 3),
    ]
    assert analysis.notes == ()


async def test_what_the_configuration_excludes_is_named(
    change: MakeChange, programs: Sandbox
) -> None:
    rules = {"ruff.toml": 'extend-exclude = ["generated"]\nlint.exclude = ["old/*"]\n'}
    names = ("a.py", "generated/b.py", "dist/c.py", "old/d.py", "new\nline.py")
    made = change(base=rules, head={**rules, **dict.fromkeys(names, "import os\n")})
    coverage = (await Ruff(programs=programs).analyze(made)).coverage
    assert coverage.excluded == ("dist/c.py", "generated/b.py", "old/d.py")
    assert coverage.analyzed == ("a.py", "new\nline.py")


async def test_what_a_comment_hides_is_told_apart(change: MakeChange, programs: Sandbox) -> None:
    comments = ("# noqa", "# NOQA: F401", "# ruff: ignore[F401]")
    head = {f"{index}.py": f"import os  {text}\n" for index, text in enumerate(comments)}
    head["file.py"] = "# ruff: noqa\nimport os\n"
    made = change(base={"0.py": "import os  # noqa: F401\n"}, head=head)
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == []
    assert [each.path for each in analysis.hidden_head] == ["0.py", "1.py", "2.py", "file.py"]
    assert places(analysis.hidden_base) == [("F401", "0.py", 1)]


async def test_a_syntax_error_is_a_finding_and_a_file_not_reviewed(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(base={"a.py": "x = 1\n"}, head={"a.py": "x = (\n", "b.py": "import os\n"})
    analysis = await Ruff(programs=programs).analyze(made)
    assert places(analysis.head) == [("invalid-syntax", "a.py", 2), ("F401", "b.py", 1)]
    assert analysis.head[0].severity is Severity.ERROR
    assert gaps(analysis).keys() == {"a.py"}
    assert analysis.coverage.analyzed == ("b.py",)


async def test_newer_syntax_is_a_finding_only_where_a_version_is_promised(
    change: MakeChange, programs: Sandbox
) -> None:
    code = {"a.py": "type X = int\nimport os\n"}
    free = await Ruff(programs=programs).analyze(change(head=code))
    assert places(free.head) == [("E402", "a.py", 2), ("F401", "a.py", 2)]
    promise = {"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\n'}
    bound = await Ruff(programs=programs).analyze(change(base=promise, head={**promise, **code}))
    assert ("invalid-syntax", "a.py", 1) in places(bound.head)
    assert bound.coverage.analyzed == ("a.py",)


async def test_a_file_that_crashes_ruff_costs_only_itself(
    change: MakeChange, programs: Sandbox
) -> None:
    bomb = "x = " + "+".join("1" * 40_000) + "\n"
    head = {f"{index}.py": "import os\n" for index in range(9)} | {"5bomb.py": bomb}
    analysis = await Ruff(programs=programs).analyze(change(head=head))
    assert len(analysis.head) == 9
    assert gaps(analysis).keys() == {"5bomb.py"}
    assert "5bomb.py" not in analysis.coverage.analyzed


async def test_extend_leads_to_no_file_outside_the_base(
    change: MakeChange, programs: Sandbox, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text("OPENAI_API_KEY=canary\n")
    for target in (str(secret), "/proc/self/environ", "../secret.toml", "$HOME/x.toml"):
        rules = {"ruff.toml": f'extend = "{target}"\nlint.select = ["F401"]\n'}
        made = change(base=rules, head={**rules, "a.py": "import os\n"})
        analysis = await Ruff(programs=programs).analyze(made)
        assert places(analysis.head) == [("F401", "a.py", 1)]
        assert "is not followed" in analysis.notes[0]
        assert "canary" not in str(analysis)


async def test_nothing_to_lint_starts_nothing(change: MakeChange, programs: Sandbox) -> None:
    analysis = await Ruff(programs=programs).analyze(change(head={"readme.md": "# x\n"}))
    assert analysis.head == ()
    assert analysis.coverage.analyzed == ()


async def test_the_base_is_linted_once_for_many_pushes(
    change: MakeChange, programs: Sandbox, tmp_path: Path
) -> None:
    base = {"pyproject.toml": F401, "a.py": "import os\n", "b.py": "import re  # noqa\n"}
    first = change(base=base, head={**base, "a.py": ""}, cache=str(tmp_path))
    second = change(base=base, head={**base, "a.py": "", "b.py": ""}, cache=str(tmp_path))
    await Ruff(programs=programs).analyze(first)
    for each in (second, second):
        warm = await Ruff(programs=programs).analyze(each)
        cold = await Ruff(programs=programs).analyze(replace(each, cache=None))
        assert replace(warm, seconds={}) == replace(cold, seconds={})
        assert places(warm.base) == [("F401", "a.py", 1)]
        assert places(warm.hidden_base) == [("F401", "b.py", 1)]
    nothing = FakePrograms(answers={"ruff": says("[]")})
    await Ruff(programs=nothing).analyze(second)
    assert {command.cwd for command in nothing.seen} == {second.head.root}


async def test_what_was_said_about_another_base_or_configuration_is_not_said_again(
    change: MakeChange, programs: Sandbox, tmp_path: Path
) -> None:
    isort = {"pyproject.toml": '[tool.ruff.lint]\nselect = ["I001"]\n'}
    own = {**isort, "near.py": ""}  # its import belongs into a block of its own, a stranger's not
    code = {"a.py": "import yaml\n\nimport near\n"}
    for files, rules in ((isort, ["I001"]), (own, []), ({"pyproject.toml": F401}, ["F401"] * 2)):
        made = change(base={**files, **code}, head={**files, "a.py": ""}, cache=str(tmp_path))
        warm = await Ruff(programs=programs).analyze(made)
        assert [each.rule for each in warm.base or ()] == rules
