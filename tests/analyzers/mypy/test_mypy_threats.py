from collections.abc import Callable
from pathlib import Path

import pytest

from reviewbot.analyzers.mypy import Mypy
from reviewbot.review.analysis import Change, Environment

pytestmark = pytest.mark.anyio

Changes = Callable[..., Change]

PACKAGE = {"pkg/__init__.py": "", "pkg/a.py": "x: int = 1\n"}
WRONG = {**PACKAGE, "pkg/a.py": 'x: int = ""\n'}

KEYS = {
    "plugins": "./evil.py",
    "python_executable": "./evil.sh",
    "junit_xml": "{wire}",
    "cache_dir": "{wire}",
    "any_exprs_report": "{wire}",
    "linecount_report": "{wire}",
}
FILES = {
    "mypy.ini": "[mypy]\n{key} = {value}\n",
    "setup.cfg": "[mypy]\n{key} = {value}\n",
    "pyproject.toml": '[tool.mypy]\n{key} = "{value}"\n',
}


@pytest.mark.feature("Q01")
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("key", KEYS)
async def test_a1_no_key_of_a_configuration_runs_or_writes_anything(
    mypy: Mypy, stamped: Changes, world_readable: Path, key: str, file: str
) -> None:
    wire = world_readable / "wire"
    hostile = {
        file: FILES[file].format(key=key, value=KEYS[key].format(wire=wire)),
        "evil.py": f"open({str(wire)!r}, 'w')\ndef plugin(version): ...\n",
        "evil.sh": f"#!/bin/sh\ntouch {wire}\n",
    }
    base = {**PACKAGE, **hostile}
    analysis = await mypy.analyze(stamped(base=base, head={**WRONG, **hostile}))
    assert not wire.exists()
    assert [each.path for each in analysis.head] == ["pkg/a.py"]
    silent = key == "cache_dir"
    assert (f"mypy: left out of {file}: {key}" in analysis.notes) is not silent


@pytest.mark.feature("Q01")
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("mypy.ini", "[mypy]\nignore_errors = True\n"),
        ("mypy.ini", "[mypy]\nexclude = .*\n"),
        ("mypy.ini", "[mypy]\nfiles = nothing.py\n"),
        ("mypy.ini", "[mypy-pkg.*]\nignore_errors = True\n"),
        ("pyproject.toml", '[[tool.mypy.overrides]]\nmodule = "*"\nignore_errors = true\n'),
        ("pyproject.toml", "[tool.mypy\n"),
    ],
)
async def test_a1_a_configuration_of_the_head_silences_nothing(
    mypy: Mypy, stamped: Changes, file: str, content: str
) -> None:
    analysis = await mypy.analyze(stamped(base=PACKAGE, head={**WRONG, file: content}))
    assert [each.path for each in analysis.head] == ["pkg/a.py"]
    assert analysis.coverage.analyzed == ("pkg/a.py",)
    assert analysis.coverage.excluded == ()


async def test_a4_modules_in_the_root_are_not_run(
    mypy: Mypy, stamped: Changes, world_readable: Path
) -> None:
    wire = world_readable / "wire"
    names = ("mypy", "json", "ast", "sitecustomize", "usercustomize", "tokenize")
    evil = {f"{name}.py": f"open({str(wire)!r}, 'w')\n" for name in names}
    analysis = await mypy.analyze(stamped(base={**PACKAGE, **evil}, head={**WRONG, **evil}))
    assert not wire.exists()
    assert [each.path for each in analysis.head] == ["pkg/a.py"]


async def test_a5_an_environment_is_read_but_its_interpreter_never_runs(
    mypy: Mypy, stamped: Changes, world_readable: Path
) -> None:
    wire = world_readable / "wire"
    site = world_readable / "env/lib/python3.12/site-packages"
    (site / "lib_a").mkdir(parents=True)
    (site / "lib_a/py.typed").touch()
    (site / "lib_a/__init__.py").write_text("def f() -> int: ...\n")
    (site / "evil.pth").write_text(f"import os; open({str(wire)!r}, 'w')\n")
    python = world_readable / "env/bin/python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\ntouch {wire}\n")
    python.chmod(0o755)
    environment = Environment(
        python=str(python), version="3.12", site_packages=(str(site),), origin="test"
    )
    head = {**PACKAGE, "pkg/b.py": "import lib_a\nimport gone\nx: str = lib_a.f()\n"}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head=head, environment=environment))
    assert not wire.exists()
    assert [each.rule for each in analysis.head] == ["import-not-found", "assignment"]
    assert not any("degraded" in note for note in analysis.notes)


async def test_a14_a_cache_of_the_tree_is_not_read(mypy: Mypy, stamped: Changes) -> None:
    poison = {".mypy_cache/3.12/cache.0.db": "poison", ".mypy_cache/3.11/pkg/a.meta.json": "{}"}
    base = {**PACKAGE, **poison}
    analysis = await mypy.analyze(stamped(base=base, head={**WRONG, **poison}))
    assert [each.path for each in analysis.head] == ["pkg/a.py"]


async def test_b9_a_pattern_that_takes_for_ever_excludes_nothing(
    mypy: Mypy, stamped: Changes
) -> None:
    name = f"pkg/{'a' * 40}.py"
    settings = {"mypy.ini": "[mypy]\nexclude = (a+)+$\n"}
    base = {**PACKAGE, **settings}
    head = {**base, name: 'x: int = ""\n'}
    analysis = await mypy.analyze(stamped(base=base, head=head))
    assert [each.path for each in analysis.head] == [name]
    assert any("nothing is excluded" in note for note in analysis.notes)
