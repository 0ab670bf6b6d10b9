"""A crash costs its cause and nothing else."""

from collections.abc import Sequence

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.analyzers.answers.batches import Answers, Refused, in_batches
from reviewbot.errors import ToolCrashed, ToolTimedOut

NAMES = st.lists(st.text(alphabet="ab/é", min_size=1, max_size=6), unique=True, max_size=40)


def run(files: Sequence[str], bombs: frozenset[str]) -> tuple[Answers[tuple[str, ...]], int]:
    runs = 0

    async def tool(batch: Sequence[str]) -> tuple[str, ...]:
        nonlocal runs
        runs += 1
        if not bombs.isdisjoint(batch):
            raise ToolCrashed("ended with 134")
        return tuple(batch)

    async def main() -> Answers[tuple[str, ...]]:
        return await in_batches(files, tool, node="lint")

    return anyio.run(main), runs


@given(NAMES, st.data())
def test_all_files_but_the_culprits_are_done_in_order(
    files: list[str], data: st.DataObject
) -> None:
    most = min(3, len(files) - 1)
    bombs = frozenset(
        data.draw(st.lists(st.sampled_from(files), max_size=most)) if most > 0 else ()
    )
    answers, _ = run(files, bombs)
    done = [path for batch in answers.values for path in batch]
    assert done == [path for path in files if path not in bombs]
    assert [gap.path for gap in answers.not_reviewed] == [path for path in files if path in bombs]


def test_one_culprit_among_many_costs_few_runs() -> None:
    files = [f"{number:04}.py" for number in range(1_000)]
    _, runs = run(files, frozenset({"0700.py"}))
    assert runs <= 21


def test_many_culprits_do_not_take_forever_and_none_is_forgotten() -> None:
    files = [f"{number:04}.py" for number in range(1_000)]
    answers, runs = run(files, frozenset(files[1:]))
    assert runs <= 65
    assert {gap.path for gap in answers.not_reviewed} == set(files[1:])


def test_when_every_file_is_a_culprit_the_tool_is_broken() -> None:
    with pytest.raises(ToolCrashed):
        run(["a.py", "b.py"], frozenset({"a.py", "b.py"}))


def test_no_files_are_no_run() -> None:
    assert run([], frozenset()) == (Answers(values=(), not_reviewed=()), 0)


@pytest.mark.parametrize("error", [Refused("configuration"), ToolTimedOut("120 s")])
def test_what_is_no_file_s_fault_is_raised_at_once(error: Exception) -> None:
    runs = 0

    async def tool(_: Sequence[str]) -> None:
        nonlocal runs
        runs += 1
        raise error

    async def main() -> None:
        await in_batches(["a.py", "b.py"], tool, node="lint")

    with pytest.raises(type(error)):
        anyio.run(main)
    assert runs == 1


def test_a_command_line_stays_below_what_the_system_takes() -> None:
    files = [f"{'d' * 200}/{number:05}.py" for number in range(3_000)]
    answers, runs = run(files, frozenset())
    assert runs == 7
    assert max(sum(len(path) + 3 for path in batch) for batch in answers.values) <= 100_000
    assert sum(map(len, answers.values)) == 3_000
