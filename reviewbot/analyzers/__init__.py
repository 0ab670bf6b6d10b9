"""Where findings come from. ``ANALYZERS`` is the table: (analysis, tool) → how to make it.

Each is imported when its node starts, not before: what the parsers of the quick tools need takes
longer to import than the slowest tool takes to start, and it must not wait for that.
"""

# ruff: noqa: PLC0415 - see above

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from reviewbot.process import Programs
from reviewbot.review.analysis import Analysis, Analyzer, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the settings say to an analyzer.

    Attributes:
        run: whether selected tests are executed: ``trusted``, ``always`` or ``never``.
        budget: seconds that executing them may take.
    """

    run: Literal["trusted", "always", "never"] = "trusted"
    budget: float = 300.0


Factory = Callable[[Programs, Options], Analyzer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """An analyzer that is made when it is asked.

    Attributes:
        tool: the program behind it.
        programs: the door to programs.
        options: what the settings say.
        factory: makes the analyzer.
    """

    tool: str
    programs: Programs
    options: Options
    factory: Factory

    async def analyze(self, change: Change) -> Analysis:
        """Make the analyzer and let it look at a change."""
        return await self.factory(self.programs, self.options).analyze(change)


def _ruff(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.ruff import Ruff

    return Ruff(programs=programs)


def _mypy(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.mypy import Mypy

    return Mypy(programs=programs)


def _ty(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.ty import Ty

    return Ty(programs=programs)


def _bandit(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.bandit import Bandit

    return _with_complement(Bandit(programs=programs), programs)


def _ruff_security(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.ruff import RuffSecurity

    return _with_complement(RuffSecurity(programs=programs), programs)


def _patterns(programs: Programs, _: Options) -> Analyzer:
    from reviewbot.analyzers.patterns import Patterns

    return Patterns(programs=programs)


def _with_complement(scanner: Analyzer, programs: Programs) -> Analyzer:
    from reviewbot.analyzers.patterns import Concern, Patterns
    from reviewbot.analyzers.security import Security

    lacking = frozenset({Concern.SECRET, Concern.CORS})
    return Security(scanner=scanner, complement=Patterns(programs=programs, concerns=lacking))


def _pytest(programs: Programs, options: Options) -> Analyzer:
    from reviewbot.analyzers.pytest import Tests

    return Tests(programs=programs, run=options.run, budget=options.budget)


ANALYZERS: Final[Mapping[tuple[str, str], Factory]] = {
    ("lint", "ruff"): _ruff,
    ("types", "mypy"): _mypy,
    ("types", "ty"): _ty,
    ("security", "bandit"): _bandit,
    ("security", "ruff"): _ruff_security,
    ("security", "patterns"): _patterns,
    ("tests", "pytest"): _pytest,
}


def preload() -> None:
    """Import what the tools of the first wave need; worth a thread while git is at work."""
    import reviewbot.analyzers.bandit
    import reviewbot.analyzers.mypy
    import reviewbot.analyzers.ruff  # noqa: F401


def analyzer(node: str, tool: str, programs: Programs, options: Options) -> Analyzer:
    """The analyzer of a node by a tool.

    Raises:
        KeyError: the table has no such pair.
    """
    factory = ANALYZERS[node, tool]
    return Deferred(tool=tool, programs=programs, options=options, factory=factory)
