"""What a plan of faults stands in front of: a coroutine, a plain function, an analyzer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from reviewbot.dag.node import is_async
from reviewbot.review.analysis import Analysis, Analyzer, Change
from reviewbot.testing.fault import befall, befall_thread
from reviewbot.testing.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyCoroutine:
    """A coroutine function whose calls fail by plan."""

    run: Callable[..., Any]
    name: str
    plan: Plan

    async def __call__(self, **arguments: Any) -> Any:  # noqa: ANN401 - whatever `run` takes and gives
        """Have the fault that is due, or do the work."""
        fault = self.plan.drawn(self.name)
        with self.plan.watched(self.name):
            work = partial(self.run, **arguments)
            return await (work() if fault is None else befall(fault, self.plan.seconds, work))


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyFunction:
    """A plain function whose calls fail by plan, in the thread they are made in."""

    run: Callable[..., Any]
    name: str
    plan: Plan

    def __call__(self, **arguments: Any) -> Any:  # noqa: ANN401 - whatever `run` takes and gives
        """Have the fault that is due, or do the work."""
        fault = self.plan.drawn(self.name)
        with self.plan.watched(self.name):
            work = partial(self.run, **arguments)
            return work() if fault is None else befall_thread(fault, self.plan.seconds, work)


def faulty(run: Callable[..., Any], name: str, plan: Plan) -> FaultyCoroutine | FaultyFunction:
    """The same callable under a plan."""
    kind = FaultyCoroutine if is_async(run) else FaultyFunction
    return kind(run=run, name=name, plan=plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyAnalyzer:
    """An analyzer whose calls fail by plan."""

    analyzer: Analyzer
    name: str
    plan: Plan

    @property
    def tool(self) -> str:
        """The program behind it."""
        return self.analyzer.tool

    async def analyze(self, change: Change) -> Analysis:
        """Have the fault that is due, or look at the change."""
        fault = self.plan.drawn(self.name)
        with self.plan.watched(self.name):
            work = partial(self.analyzer.analyze, change)
            if fault is None:
                return await work()
            lie: Analysis = await befall(fault, self.plan.seconds, work)
            return lie
