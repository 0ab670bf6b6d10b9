import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import ToolTimedOut
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.diff import FileDiff, FileStatus
from tests.fakes.repository import Link, Repository
from tests.workspace.conftest import contents, opened

ODD_NAMES = (
    "x b/y.py",
    "x and b/y differ",
    'quo"te.py',
    "tab\t.py",
    "new\nline.py",
    "diff --git a/a.py b/a.py",
    "\ndiff --git a/a.py b/a.py\n",
    "\udcff.py",
    "café.py",
    "-r.py",
    "--config=x.py",
    "@x.py",
    ":(glob)x.py",
    "back\\slash.py",
    " space .py ",
    "a => b.py",
)
_LINES = st.lists(
    st.sampled_from(
        [
            b"a",
            b"b",
            b"",
            b"c\r",
            b"\x0c",
            b"\xff",
            "\u2028\x85".encode(),
            b"-- a/f",
            b"++ b/f",
            b"@@ -1 +1 @@",
            b"diff --git a/f b/f",
            b"\\ No newline at end of file",
        ]
    ),
    max_size=12,
)
_FILE = st.builds(lambda lines, end: b"\n".join(lines) + end, _LINES, st.sampled_from([b"", b"\n"]))
_TREE = st.dictionaries(st.sampled_from(ODD_NAMES), _FILE, max_size=6)


def of(found: FileDiff | None) -> FileDiff:
    assert found is not None
    return found


def lines(content: str) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    return content.removesuffix("\n").split("\n") if content else []


@settings(max_examples=15)
@given(before=_TREE, after=_TREE)
def test_added_lines_are_the_lines_of_the_head_at_their_numbers(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    repo = Repository.create(tmp_path_factory.mktemp("law") / "repo")
    repo.commit(before)
    repo.commit(after, delete=before.keys() - after.keys())
    with opened(repo, base="HEAD~1", head="HEAD") as found:
        diff, head = found.change.diff, contents(found.change.head.root)
        base = contents(found.change.base.root)
    assert head == {path: body.decode("utf-8", "surrogateescape") for path, body in after.items()}
    changed = {path for path in head if head[path] != base.get(path)}
    assert {each.path for each in diff.files} == changed | (base.keys() - head.keys())
    for path in changed:
        file = of(diff.file(path))
        assert not file.unreadable
        written = [text for hunk in file.hunks for sign, text in hunk.lines if sign == "+"]
        assert written == [lines(head[path])[line - 1] for line in sorted(file.added_lines)]
        for line in set(range(1, len(lines(head[path])) + 1)) - file.added_lines:
            was = file.base_line(line)
            assert was is not None
            assert lines(head[path])[line - 1] == lines(base[file.old_path or ""])[was - 1]


def test_a_hostile_name_hides_neither_its_file_nor_another(repo: Repository) -> None:
    repo.commit(dict.fromkeys(ODD_NAMES, "x = 1\n"))
    repo.write({**dict.fromkeys(ODD_NAMES, "x = 2\n"), "z.py": "new\n"})
    with opened(repo) as found:
        assert {each.path for each in found.change.diff.files} == {*ODD_NAMES, "z.py"}
        assert all(each.added_lines == {1} for each in found.change.diff.files)
        assert found.not_reviewed == ()


@pytest.mark.parametrize("name", ["x b/y", "x and b/y differ"])
@pytest.mark.parametrize("content", ["", "text\n"])
def test_a_new_file_keeps_its_name(repo: Repository, name: str, content: str) -> None:
    repo.commit()
    repo.write({name: content})
    with opened(repo) as found:
        (file,) = found.change.diff.files
        assert (file.status, file.path, file.old_path) == (FileStatus.ADDED, name, None)


def test_a_deleted_file_keeps_its_name(repo: Repository) -> None:
    repo.commit({"x b/y": "text\n"})
    repo.write({}, delete=["x b/y"])
    with opened(repo) as found:
        (file,) = found.change.diff.files
        assert (file.status, file.path, file.old_path) == (FileStatus.DELETED, "x b/y", "x b/y")


def test_a_renamed_file_remembers_its_name(repo: Repository) -> None:
    body = "".join(f"line {number}\n" for number in range(20))
    repo.commit({"old b/y.py": body})
    repo.write({"new.py": body + "more\n"}, delete=["old b/y.py"])
    with opened(repo) as found:
        (file,) = found.change.diff.files
        assert (file.status, file.path, file.old_path) == (
            FileStatus.RENAMED,
            "new.py",
            "old b/y.py",
        )
        assert file.added_lines == {21}


def test_renames_that_git_did_not_look_for_are_a_note(repo: Repository) -> None:
    body = "".join(f"line {number}\n" for number in range(20))
    old = {f"old{number}.py": f"{number}\n{body}" for number in range(1010)}
    repo.commit(old)
    repo.commit({f"new{at}.py": f"{at}\n{body}more\n" for at in range(1010)}, delete=old)
    with opened(repo, base="HEAD~1", head="HEAD") as found:
        assert {each.status for each in found.change.diff.files} == {
            FileStatus.ADDED,
            FileStatus.DELETED,
        }
        assert found.notes == (
            "more than 1000 files came or went: git did not look for all renames",
        )


class SlowAtRenames(Sandbox):
    """A machine on which looking for renamed files takes too long."""

    async def run(self, command: Command) -> Completed:
        if "-M" in command.argv:
            raise ToolTimedOut("git took too long")
        return await super().run(command)


def test_renames_that_take_too_long_are_a_note(repo: Repository) -> None:
    repo.commit({"old.py": "x = 1\n"})
    repo.commit({"new.py": "x = 1\n"}, delete=["old.py"])
    with opened(repo, head="HEAD", programs=SlowAtRenames()) as found:
        assert [each.path for each in found.change.diff.files] == ["new.py", "old.py"]
        assert found.notes == ("renamed files were not looked for: it took longer than 20 seconds",)


def test_a_mode_change_has_no_lines(repo: Repository) -> None:
    repo.commit({"x b/run.py": "pass\n"})
    (repo.root / "x b/run.py").chmod(0o755)
    with opened(repo) as found:
        (file,) = found.change.diff.files
        assert (file.path, file.hunks, file.unreadable) == ("x b/run.py", (), "")
        assert Path(found.change.head.root, file.path).stat().st_mode & 0o777 == 0o555
        assert Path(found.change.base.root, file.path).stat().st_mode & 0o777 == 0o444


def test_a_carriage_return_belongs_to_its_line(repo: Repository) -> None:
    repo.commit({"a.py": "x = 1\r\ny = 1\r\n"})
    repo.write({"a.py": "x = 1\r\ny = 2\r\n"})
    with opened(repo) as found:
        (file,) = found.change.diff.files
        assert file.added_lines == {2}
        assert file.hunks[0].lines[-1] == ("+", "y = 2\r")


@pytest.mark.parametrize(
    ("before", "after", "unreadable"),
    [
        (Link("b.py"), "x = 1\n", ""),
        ("x = 1\n", Link("b.py"), "a symbolic link"),
    ],
    ids=["link to file", "file to link"],
)
def test_a_file_that_changes_its_type_is_one_file(
    repo: Repository, before: str | Link, after: str | Link, unreadable: str
) -> None:
    repo.commit({"a.py": before, "b.py": "pass\n"})
    repo.write({"a.py": after, "b.py": "more\n"})
    with opened(repo) as found:
        file, other = found.change.diff.files
        assert (file.status, file.unreadable) == (FileStatus.TYPE_CHANGED, unreadable)
        assert len(file.added_lines) == (not unreadable)
        assert other.added_lines == {1}


def test_a_submodule_is_listed(repo: Repository) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib")
    repo.git("commit", "-qm", "submodule")
    with opened(repo, head="HEAD") as found:
        assert of(found.change.diff.file("lib")).unreadable == "a submodule"
        assert [(each.path, each.blocking) for each in found.change.head.missing] == [("lib", True)]
        assert found.change.base.missing == ()


@pytest.mark.parametrize(
    ("content", "reason", "blocking"),
    [
        (b"\x89PNG\0\1", "binary", False),
        (b"x = 1\n" * 200_000, "too large to review", True),
    ],
    ids=["binary", "large"],
)
def test_what_git_shows_no_lines_of_has_a_reason(
    repo: Repository, content: bytes, reason: str, *, blocking: bool
) -> None:
    repo.commit()
    repo.commit({"file": content})
    with opened(repo, head="HEAD") as found:
        (file,) = found.change.diff.files
        assert file.unreadable.startswith(reason)
        assert [each.blocking for each in found.not_reviewed] == [blocking]


@pytest.mark.parametrize(
    "attributes",
    ["*.py -diff", "*.py binary", "*.py diff=x", "*.py filter=x", "*.py working-tree-encoding=x"],
)
def test_a10_attributes_hide_no_line(repo: Repository, attributes: str) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.write({"a.py": "import os; os.system('id')\n", ".gitattributes": f"{attributes}\n"})
    repo.git("config", "filter.x.clean", "false")
    repo.git("config", "diff.x.command", "false")
    with opened(repo) as found:
        file = of(found.change.diff.file("a.py"))
        assert (file.unreadable, file.added_lines) == ("", frozenset({1}))
        assert contents(found.change.head.root)["a.py"].startswith("import os")


_OPEN = """
import sys
import anyio
from reviewbot.process import Sandbox
from reviewbot.workspace.opened import open_change
from reviewbot.workspace.selection import Request

async def main():
    async with open_change(Request(path=sys.argv[1], head="HEAD"), programs=Sandbox()) as found:
        for file in found.change.diff.files:
            print(file.path, len(file.added_lines), file.unreadable)
        print(len(found.not_reviewed))

anyio.run(main)
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak.split()[1])
"""


def peak(repo: Repository) -> tuple[list[str], int]:
    """What a process of its own sees of the last commit, and its peak memory in MiB."""
    command = [sys.executable, "-c", _OPEN, str(repo.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *said, memory = done.stdout.splitlines()
    return said, int(memory) >> 10


def test_a11_a_diff_bomb_costs_nothing_and_is_listed(repo: Repository) -> None:
    repo.commit({"bomb.py": "a\n", "good.py": "x = 1\n"})
    repo.commit({"bomb.py": "x = 1  # 23456789 123456\n" * 2_500_000, "good.py": "x = 2\n"})
    said, memory = peak(repo)
    assert said == ["bomb.py 0 too large to review: 61035 KiB", "good.py 1 ", "1"]
    assert memory < 256


def test_a11_many_large_files_are_read_as_far_as_they_fit(repo: Repository) -> None:
    repo.commit({"good.py": "x = 1\n", "renamed.py": "x = 1\n" * 100})
    body = "x = 1  # 23456789 123456\n" * 40_000
    bombs = {f"bomb{number}.py": f"{number}\n{body}" for number in range(40)}
    moved = {"new.py": "x = 1\n" * 101, "good.py": "x = 2\n"}
    repo.commit({**bombs, **moved}, delete=["renamed.py"])
    said, memory = peak(repo)
    assert "good.py 1 " in said
    assert "new.py 0 the change is too large: these lines were not read" in said
    unread = [line for line in said if line.endswith("lines were not read")]
    assert 20 < len(unread) < 35
    assert said[-1] == str(len(unread))
    assert memory < 256
