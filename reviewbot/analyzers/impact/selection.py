"""Which tests a change can reach, without executing anything of the project."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import anyio.to_thread

from reviewbot.analyzers.impact.changed import Sides, changed_nodes
from reviewbot.analyzers.impact.configuration import Configuration, read_configuration
from reviewbot.analyzers.impact.graph import Graph, Reached
from reviewbot.analyzers.impact.index import Index, Question
from reviewbot.analyzers.impact.liveness import Liveness
from reviewbot.analyzers.impact.names import EFFECTS, Node
from reviewbot.analyzers.impact.ranking import closeness, likeness, named_after
from reviewbot.analyzers.impact.store import Store
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.analyzers.impact.widening import Widening, widenings
from reviewbot.errors import ToolError
from reviewbot.process import Programs
from reviewbot.review.analysis import Change, TestReport
from reviewbot.review.diff import FileStatus

_TOUCHED, _NAMED, _EVERY = -99, 2, 99
"""The distance of a test that no path reaches: touched, only named after it, only one of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The answer and what it rests on.

    Attributes:
        report: the selected test files in order, with their reasons.
        notes: one line each, for the reader.
        unknown: Python file → why it could not be parsed.
        empty: selected files that hold no test, such as a ``test_utils.py``.
    """

    report: TestReport
    notes: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Everything the pure part of the selection looks at."""

    change: Change
    tests: tuple[str, ...]
    configuration: Configuration
    sides: Sides


async def select(change: Change, programs: Programs) -> Selected:
    """The test files a change can reach, most likely to fail first.

    The union of the symbol graph, of test files named after a changed module and of the tests the
    change itself touches; what cannot be judged widens, up to all tests, and says why. When the
    index itself fails, everything is selected with ``fallback`` saying so.
    """
    base = await anyio.to_thread.run_sync(read_configuration, change.base.root)
    head = await anyio.to_thread.run_sync(read_configuration, change.head.root)
    tests = tuple(sorted(path for path in _python(change.head.files) if base.is_test(path)))
    index = Index(programs=programs, store=Store(change.cache), docstrings=base.doctests)
    try:
        sides = await _sides(change, index)
    except ToolError as error:
        return Selected(report=_all(tests, f"the import index failed: {error.message}"))
    configuration = Configuration(
        patterns=base.patterns, folders=base.folders, aliases={**base.aliases, **head.aliases}
    )
    facts = _Facts(change=change, tests=tests, configuration=configuration, sides=sides)
    return await anyio.to_thread.run_sync(partial(_select, facts))


async def _sides(change: Change, index: Index) -> Sides:
    """Summaries of the head and of what the change removed; hashes of what it modified."""
    head, base = change.head, change.base
    gone = _python(
        file.old_path
        for file in change.diff.files
        if file.status in {FileStatus.DELETED, FileStatus.RENAMED}
        and file.old_path in base.files
        and file.old_path not in head.files
    )
    after = _python(file.path for file in change.diff.files if file.path in head.files)
    before = _python(file.old_path for file in change.diff.files if file.old_path in base.files)
    await index.learn(
        Question(tree=head, paths=after, digests=True),
        Question(tree=base, paths=before, digests=True),
        Question(tree=head, paths=_python(head.files)),
    )
    summaries = await index.summaries(base, gone)
    summaries |= await index.summaries(head, _python(head.files))
    unread = {each.path: each.reason for each in head.missing if each.path}
    summaries |= {path: Summary(unknown=unread[path]) for path in _python(unread)}
    return Sides(
        summaries=summaries,
        head=await index.digests(head, after),
        base=await index.digests(base, before),
    )


def _select(facts: _Facts) -> Selected:
    diff, summaries = facts.change.diff, facts.sides.summaries
    wider = tuple(widenings(diff, facts.change.head, summaries))
    changed = changed_nodes(diff, facts.sides)
    graph = Graph(summaries, tests=facts.tests, aliases=facts.configuration.aliases)
    for path in {path for path, name in changed if name == EFFECTS} | graph.broken(changed):
        changed |= {(each, EFFECTS) for each in (path, *graph.importers(path))}
    changed |= {node for each in wider for node in each.nodes}
    reached = graph.reach(changed)
    candidates = sorted({path for path, _ in reached}.intersection(facts.tests))
    live = Liveness(graph, summaries, candidates).tests(changed)
    fallback = next((each.all for each in wider if each.all), None)
    chosen = dict(_chosen(facts, reached, live, everything=fallback is not None))
    order = _order(facts, changed, {test: distance for test, (distance, _) in chosen.items()})
    return Selected(
        report=TestReport(
            total=len(facts.tests),
            selected=tuple(order),
            reasons={test: chosen[test][1] or (fallback or "",) for test in order},
            fallback=fallback,
        ),
        notes=tuple(_notes(wider)),
        unknown={path: each.unknown for path, each in summaries.items() if each.unknown},
        empty=frozenset(test for test in order if not _holds_tests(summaries[test])),
    )


def _chosen(
    facts: _Facts, reached: Mapping[Node, Reached], live: frozenset[str], *, everything: bool
) -> Iterator[tuple[str, tuple[int, tuple[str, ...]]]]:
    """Test file → its distance from the change and the reason in words."""
    touched = {file.path for file in facts.change.diff.files}
    for test in facts.tests:
        symbols = (EFFECTS, *facts.sides.summaries[test].symbols)
        nodes = [(test, name) for name in symbols if (test, name) in reached]
        nearest = min(nodes, key=lambda node: reached[node].distance, default=None)
        source = named_after(test, facts.change.diff)
        if test in touched:
            yield test, (_TOUCHED, ("changed by the change itself",))
        elif nearest is not None and test in live:
            yield test, (reached[nearest].distance, _chain(nearest, reached))
        elif source:
            yield test, (_NAMED, (source, f"{test} is named after it"))
        elif everything:
            yield test, (_EVERY, ())


def _order(facts: _Facts, changed: set[Node], distances: Mapping[str, int]) -> list[str]:
    """The chosen tests, most likely to fail first."""
    if not distances:
        return []
    diff = facts.change.diff
    alike = likeness(facts.change.head.root, facts.tests, diff, changed)

    def key(test: str) -> tuple[float, str]:
        named = bool(named_after(test, diff))
        return closeness(distances[test], named=named, bonus=alike.bonus(test)), test

    return sorted(distances, key=key)


def _chain(node: Node, reached: Mapping[Node, Reached]) -> tuple[str, ...]:
    """The files from the change to a node."""
    files: list[str] = []
    step: Node | None = node
    while step is not None:
        if not files or files[-1] != step[0]:
            files.append(step[0])
        step = reached[step].before
    return tuple(reversed(files))


def _holds_tests(summary: Summary) -> bool:
    """Whether anything in a file could be a test; a class may inherit them."""
    named = (name.rpartition(".")[2] for name in summary.symbols)
    return bool(summary.unknown or summary.classes) or any("test" in each.lower() for each in named)


def _all(tests: Sequence[str], why: str) -> TestReport:
    reasons = dict.fromkeys(tests, (why,))
    return TestReport(total=len(tests), selected=tuple(tests), reasons=reasons, fallback=why)


def _notes(wider: Sequence[Widening]) -> Iterator[str]:
    """Which files that are no Python make tests run; that most do not is no news."""
    for each in wider:
        if each.reason and each.nodes:
            yield f"tests: {each.path} counts as a change of what {each.reason}"


def _python(paths: Iterable[str | None]) -> list[str]:
    return [path for path in paths if path is not None and path.endswith(".py")]
