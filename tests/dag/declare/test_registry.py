"""What a document may name comes from a table of our own and from what is installed."""

from pathlib import Path

import pytest

from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.error import GraphError
from tests.dag.declare.world import REGISTRY, ToolCrashed, mypy, ruff

GROUP = "tests.kinds"


def installed(folder: Path, package: str, code: str, **points: str) -> None:
    """A package as an installer leaves it: a module, and metadata that names its entry points."""
    (folder / f"{package}.py").write_text(code, encoding="utf-8")
    metadata = folder / f"{package}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    lines = [f"{name} = {package}:{attribute}" for name, attribute in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]) + "\n")


@pytest.mark.feature("E24")
def test_kinds_come_from_installed_packages_and_are_wired_from_the_document_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, "kinds_b", "def late(early: int) -> int: return early + 1", late="late")
    code = """
from reviewbot.dag.declare.registry import Registry
async def early() -> int: return 1
async def other() -> str: return "x"
more = Registry(kinds={"other": other}, types={"Word": str})
"""
    installed(tmp_path, "kinds_a", code, early="early", more="more")
    monkeypatch.syspath_prepend(tmp_path)
    registry = REGISTRY | Registry.installed(GROUP)
    assert [name for name in registry.kinds if name not in REGISTRY.kinds] == [
        "early",
        "late",
        "other",
    ]
    text = "version: 1\ninputs: {word: Word}\nnodes: {late: {use: late}, early: {use: early}}"
    graph = load(text, registry).graph
    assert graph.order == ("early", "late")
    assert graph.inputs == {"word": str}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("same", "same", "'same' is offered by kinds_c and kinds_d"),
        ("number", "other", "'number' of kinds_c is no function, node or graph"),
    ],
)
def test_two_packages_never_quietly_share_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, second: str, said: str
) -> None:
    code = "async def same() -> int: return 1\nother = same\nnumber = 3"
    installed(tmp_path, "kinds_d", code, **{second: second})
    installed(tmp_path, "kinds_c", code, **{first: first})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(GraphError) as caught:
        Registry.installed(GROUP)
    assert caught.value.problems == (said,)


def test_registries_add_up_unless_a_name_stands_for_two_things() -> None:
    both = Registry(kinds={"a": ruff}) | Registry(kinds={"a": ruff, "b": mypy})
    assert list(both.kinds) == ["a", "b"]
    with pytest.raises(GraphError, match="'a' stands for two kinds"):
        both | Registry(kinds={"a": mypy})


def test_errors_are_known_by_name_with_pythons_own() -> None:
    registry = Registry(errors={"busy": (TimeoutError, ToolCrashed), "OSError": ToolCrashed})
    assert registry.error_types("busy") == (TimeoutError, ToolCrashed)
    assert registry.error_types("OSError") == (ToolCrashed,)  # the registry's own comes first
    assert registry.error_types("ValueError") == (ValueError,)
    with pytest.raises(LookupError, match="unknown error 'SystemExit'"):
        registry.error_types("SystemExit")
