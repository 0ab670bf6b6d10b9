"""The diff as text, against git itself: same files, same statuses, same lines."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.github.patch_text import BINARY, NO_FILE, parse_patch
from reviewbot.review.diff import FileDiff, FileStatus
from tests.fakes.repository import Repository

Tree = Mapping[str, str | None]
SHORT = "diff --git a/a.py b/a.py\n"


@pytest.fixture
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository.create(tmp_path_factory.mktemp("r") / "repo")


def between(repo: Repository, base: str, head: str, *options: str) -> tuple[FileDiff, ...]:
    text = repo.git("diff", "--no-color", "-M", "--full-index", *options, base, head)
    return parse_patch(text + "\n" if text else "")


def recorded(repo: Repository, tree: Tree) -> str:
    """A commit with these files changed; None takes one away if it is there."""
    gone = [each for each, text in tree.items() if text is None and (repo.root / each).exists()]
    return repo.commit({k: text for k, text in tree.items() if text is not None}, delete=gone)


def changed(repo: Repository, before: Tree, after: Tree) -> Mapping[str, FileDiff]:
    base, head = recorded(repo, before), recorded(repo, after)
    files = between(repo, base, head)
    assert len({each.path for each in files}) == len(files)
    return {each.path: each for each in files}


ODD_NAMES = [
    "x b/y.py",
    "a b/a b/z",
    "café.py",
    'quo"te.py',
    "back\\slash.py",
    "tab\tname.py",
    "line\nend.py",
    "rename to x.py",
    " lead.py",
    "--- a",
    "+++ b",
    "@@ -1 +1 @@",
    "\u2028.py",
    "\x1b[1m.py",
]


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("x = 1\n", "x = 2\n", FileStatus.MODIFIED),
        (None, "x = 2\n", FileStatus.ADDED),
        ("x = 1\n", None, FileStatus.DELETED),
        (None, "", FileStatus.ADDED),
        ("", None, FileStatus.DELETED),
    ],
)
def test_no_name_hides_a_file(
    repo: Repository, before: str | None, after: str | None, status: FileStatus
) -> None:
    found = changed(
        repo,
        {"k.py": "k = 1\n", **dict.fromkeys(ODD_NAMES, before)},
        {"k.py": "k = 2\n", **dict.fromkeys(ODD_NAMES, after)},
    )
    assert found.keys() == {"k.py", *ODD_NAMES}
    assert found["k.py"].added_lines == {1}
    for name in ODD_NAMES:
        assert (found[name].status, found[name].unreadable) == (status, "")
        assert found[name].added_lines == ({1} if after else frozenset())
        assert found[name].old_path == (None if before is None else name)


def test_a_renamed_file_keeps_both_names(repo: Repository) -> None:
    text = "".join(f"x{number} = {number}\n" for number in range(20))
    before = {f"old b/{at}.py": f"{at}\n" * 20 + text for at in range(len(ODD_NAMES))}
    after = dict(zip(ODD_NAMES, (f"{each}y = 1\n" for each in before.values()), strict=True))
    found = changed(repo, before, {**dict.fromkeys(before), **after})
    assert {path: each.old_path for path, each in found.items()} == dict(
        zip(ODD_NAMES, before, strict=True)
    )
    assert {each.status for each in found.values()} == {FileStatus.RENAMED}
    assert all(each.added_lines == {41} for each in found.values())


def test_a_pure_rename_has_no_lines_and_is_readable(repo: Repository) -> None:
    (only,) = changed(repo, {"a.py": "x\n" * 9}, {"a.py": None, "b.py": "x\n" * 9}).values()
    assert (only.status, only.hunks, only.unreadable) == (FileStatus.RENAMED, (), "")


@pytest.mark.parametrize("name", ["b.bin", "x b/b.bin", "x and b/y differ"])
def test_a_binary_file_is_unreadable_and_has_its_own_name(repo: Repository, name: str) -> None:
    found = changed(repo, {name: "\x00a", "k.py": ""}, {name: "\x00b", "k.py": "k\n"})
    assert found[name].unreadable == BINARY
    assert found["k.py"].added_lines == {1}


def test_a_file_that_becomes_a_link_is_one_file_of_another_type(repo: Repository) -> None:
    base = repo.commit({"a.py": "x = 1\n", "b.py": "y\n"})
    (repo.root / "a.py").unlink()
    (repo.root / "a.py").symlink_to("b.py")
    linked = repo.commit()
    (only,) = between(repo, base, linked)
    assert (only.status, only.unreadable) == (FileStatus.TYPE_CHANGED, "a symbolic link")
    (back,) = between(repo, linked, base)
    assert (back.status, back.unreadable) == (FileStatus.TYPE_CHANGED, "")
    assert back.added_lines == {1}


def test_a_mode_has_no_lines(repo: Repository) -> None:
    base = repo.commit({"x b/y": "x\n"})
    (repo.root / "x b/y").chmod(0o755)
    (only,) = between(repo, base, repo.commit())
    assert (only.status, only.path, only.hunks) == (FileStatus.MODIFIED, "x b/y", ())


@pytest.mark.parametrize(
    ("chunk", "why"),
    [
        ("diff --git \n", NO_FILE),
        ("diff --git a/x b/y\nold mode 1\n", NO_FILE),
        (SHORT + "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n x\n", "cannot be parsed"),
        (SHORT + "--- a/a.py\n+++ b/a.py\n@@ -" + "9" * 5000 + " +1 @@\n x\n", "cannot be parsed"),
        (SHORT + "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+y\nmore\n", "cannot be parsed"),
    ],
)
def test_one_garbled_file_does_not_take_the_others_with_it(chunk: str, why: str) -> None:
    good = "diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-x\n+y\n"
    first, second = parse_patch(chunk + good)
    assert why in first.unreadable
    assert first.hunks == ()
    assert (second.path, second.unreadable) == ("b.py", "")
    assert second.added_lines == {1}


_LINES = st.lists(
    st.sampled_from(
        ["x", "", "--- a/evil.py", "+++ b/evil.py", "@@ -1 +1 @@", "diff --git a/e b/e",
         "a\x0cb", "a\x0bb", "a\u2028b", "a\rb", "a\r", "é", "rename to evil.py"]
    ),
    max_size=8,
)  # fmt: skip
_TEXT = st.builds(lambda lines, end: "\n".join(lines) + end, _LINES, st.sampled_from(["", "\n"]))
_TREES = st.dictionaries(
    st.sampled_from(["a.py", "x b/y.py", "é.py", 'q"t']), _TEXT, min_size=1, max_size=4
)


@settings(max_examples=15)
@given(before=_TREES, after=_TREES)
def test_every_line_that_git_counts_is_there(
    tmp_path_factory: pytest.TempPathFactory, before: Tree, after: Tree
) -> None:
    repo = Repository.create(tmp_path_factory.mktemp("law") / "repo")
    base = recorded(repo, before)
    head = recorded(repo, {**dict.fromkeys(before), **after})
    for options in ((), ("-U0",)):
        files = between(repo, base, head, *options)
        said = repo.git("diff", "--numstat", "-M", "-z", base, head)
        counts = [tuple(map(int, each)) for each in re.findall(r"(\d+)\t(\d+)\t", said)]
        got = [
            (
                sum(edit.head_count for edit in each.edits),
                sum(edit.base_count for edit in each.edits),
            )
            for each in files
        ]
        assert got == counts
        assert all(not each.unreadable for each in files)


@given(st.text(max_size=200))
def test_any_text_is_a_diff_of_some_kind(text: str) -> None:
    for each in parse_patch(f"diff --git {text}"):
        assert each.path or each.unreadable
