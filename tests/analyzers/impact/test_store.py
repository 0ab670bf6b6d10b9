"""What is kept between runs: by blob, and any doubt is a miss."""

from pathlib import Path

import pytest

from reviewbot.analyzers.impact.index import Index, Question
from reviewbot.analyzers.impact.store import Store
from reviewbot.process import Command, Completed, Sandbox
from tests.analyzers.conftest import MakeChange


def test_what_was_saved_is_loaded_by_blob(tmp_path: Path) -> None:
    values = {f"{number:040x}": {"imports": [], "number": number} for number in range(1200)}
    Store(str(tmp_path / "new")).save(values)
    assert Store(str(tmp_path / "new")).load([*values, "unknown"]) == values


def test_no_directory_keeps_nothing() -> None:
    store = Store(None)
    store.save({"a": {}})
    assert store.load(["a"]) == {}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 200])
def test_a_damaged_file_is_a_miss(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "impact.sqlite").write_bytes(content)
    assert Store(str(tmp_path)).load(["a"]) == {}


def test_a_directory_that_cannot_be_written_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file" / "below"))
    store.save({"a": {}})
    assert store.load(["a"]) == {}


class _Counts:
    """The real sandbox, counting the files that the parser was asked about."""

    notes = ()

    def __init__(self) -> None:
        self._real = Sandbox()
        self.asked = 0
        self.starts = 0

    async def run(self, command: Command) -> Completed:
        self.asked += command.stdin.count(b".py")
        self.starts += 1
        return await self._real.run(command)


@pytest.mark.anyio
async def test_only_blobs_that_are_not_known_are_parsed(change: MakeChange, tmp_path: Path) -> None:
    made = change(
        base={"a.py": "x = 1\n", "b.py": "y = 1\n"},
        head={"a.py": "x = 1\n", "b.py": "y = 2\n", "copy.py": "y = 2\n"},
    )
    programs = _Counts()
    index = Index(programs=programs, store=Store(str(tmp_path)))
    await index.summaries(made.base, ["a.py", "b.py"])
    assert programs.asked == 2
    first = await index.summaries(made.head, ["a.py", "b.py", "copy.py"])
    assert programs.asked == 3
    assert await index.summaries(made.head, ["a.py", "b.py", "copy.py"]) == first
    assert programs.asked == 3
    assert first["b.py"] == first["copy.py"]


@pytest.mark.anyio
async def test_both_trees_are_read_with_one_start(change: MakeChange, tmp_path: Path) -> None:
    made = change(
        base={"a.py": "x = 1\n", "b.py": "y = 1\n", "same.py": "z = 1\n"},
        head={"a.py": "x = 2\n", "b.py": "y = 1\n\n", "same.py": "z = 1\n"},
    )
    for store, starts in ((Store(None), 1), (Store(str(tmp_path)), 1), (Store(str(tmp_path)), 0)):
        programs = _Counts()
        index = Index(programs=programs, store=store)
        changed = ["a.py", "b.py"]
        await index.learn(
            Question(tree=made.base, paths=changed, digests=True),
            Question(tree=made.head, paths=changed, digests=True),
            Question(tree=made.head, paths=["a.py", "b.py", "same.py"]),
        )
        before = await index.digests(made.base, changed)
        after = await index.digests(made.head, changed)
        assert (before["a.py"] == after["a.py"], before["b.py"] == after["b.py"]) == (False, True)
        assert set(await index.summaries(made.head, ["same.py", "a.py"])) == {"same.py", "a.py"}
        assert (programs.starts, programs.asked) == (starts, 5 * starts)


@pytest.mark.anyio
async def test_a_summary_that_is_known_is_not_made_worse_by_a_question_for_hashes(
    change: MakeChange, tmp_path: Path
) -> None:
    deep = f"def f(): return {'-' * 1500}1\n"  # deep enough for a tree, too deep to be written out
    head = change(base={}, head={"deep.py": deep}).head
    index = Index(programs=Sandbox(), store=Store(str(tmp_path)))
    found = await index.summaries(head, ["deep.py"])
    assert not found["deep.py"].unknown
    assert await index.digests(head, ["deep.py"]) == {}
    again = Index(programs=Sandbox(), store=Store(str(tmp_path)))
    assert await again.summaries(head, ["deep.py"]) == found
