import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mypy.find_sources import InvalidSourceList, SourceFinder
from mypy.fscache import FileSystemCache
from mypy.options import Options

from reviewbot.analyzers.code.masked import copy_masked
from reviewbot.analyzers.code.targets import (
    Layout,
    Modules,
    default_layout,
    in_runs,
    namesakes,
    packages,
    stub_of,
)

PART = st.sampled_from(["a", "b", "src", "my-tool", "__init__", "x-stubs"])
PATH = st.lists(PART, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".py")
LAYOUT = st.sampled_from(
    [
        Layout(),
        Layout(namespaces=False),
        Layout(explicit=True),
        Layout(explicit=True, bases=("src",)),
    ]
)


@given(files=st.sets(PATH, min_size=1, max_size=6), layout=LAYOUT)
@settings(max_examples=80)
def test_modules_are_named_as_mypy_names_them(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], layout: Layout
) -> None:
    root = tmp_path_factory.mktemp("tree") / "not-a-name"
    for path in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    if "__init__.py" in files and not layout.explicit:
        return  # mypy would name it by the directory that the tree happens to stand in
    options = Options()
    options.explicit_package_bases = layout.explicit
    options.namespace_packages = layout.namespaces
    options.mypy_path = [str(root / base) for base in layout.bases]
    before = Path.cwd()
    os.chdir(root)
    try:
        finder = SourceFinder(FileSystemCache(), options)
        for path in files:
            try:
                expected: str | None = finder.crawl_up(path)[0]
            except InvalidSourceList:
                expected = None
            assert Modules(files, layout).name(path) == (expected if expected != "" else "__init__")
    finally:
        os.chdir(before)


def test_packages_are_looked_for_where_they_usually_are() -> None:
    files = {"p/__init__.py", "src/q/__init__.pyi", "deep/er/r/__init__.py", "p/s/__init__.py"}
    assert packages(files) == ("p", "src/q")
    assert default_layout(files) == Layout()
    assert default_layout({"src/ns/p/__init__.py"}) == Layout(explicit=True, bases=("src",))
    assert default_layout({"__init__.py", "p/__init__.py"}).explicit


def test_a_name_that_is_taken_waits_for_another_run_when_it_is_wanted() -> None:
    files = {f"{where}/conftest.py" for where in "abcde"}
    paths = sorted(files)
    assert in_runs(paths, paths[1:3], files, Layout()) == (
        ("a/conftest.py",),
        ("b/conftest.py",),
        ("c/conftest.py",),
    )
    assert namesakes(["a/conftest.py"], files, Layout()) == files - {"a/conftest.py"}


def test_a_stub_stands_for_its_source() -> None:
    assert stub_of("a.py", {"a.py", "a.pyi"}) == "a.pyi"
    assert stub_of("a.pyi", {"a.py", "a.pyi"}) is None
    assert stub_of("a.py", {"a.py"}) is None


def test_a_masked_copy_leaves_the_tree_as_it_is(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "p").mkdir(parents=True)
    for name in ("p/a.py", "p/b.py", "p/c.pyi", "p/py.typed", "README.md"):
        (tree / name).write_text("old")
    files = ["p/a.py", "p/b.py", "p/c.pyi", "p/py.typed", "README.md"]
    to = tmp_path / "copy"
    copy_masked(str(tree), files, to=str(to), hollow=["p/a.py"], gone=["p/b.py"])
    assert {path.name for path in (to / "p").iterdir()} == {"a.py", "c.pyi", "py.typed"}
    assert "__getattr__" in (to / "p/a.py").read_text()
    assert {(tree / name).read_text() for name in files} == {"old"}
