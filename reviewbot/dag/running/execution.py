"""One run of a graph from its start to its end, also when that comes early."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random, SystemRandom
from types import MappingProxyType
from typing import Any

import anyio
from anyio.abc import TaskGroup

from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import under
from reviewbot.dag.policy import DEFAULT
from reviewbot.dag.run import Run, Status
from reviewbot.dag.running.breaker import Breakers
from reviewbot.dag.running.ending import Ending, closing
from reviewbot.dag.running.events import Listener, RunSettled, RunStarted
from reviewbot.dag.running.instance import Instance
from reviewbot.dag.running.ledger import Ledger
from reviewbot.dag.running.options import Options
from reviewbot.dag.running.plan import Plans
from reviewbot.dag.running.ready import Ready
from reviewbot.dag.running.record import Record
from reviewbot.dag.running.recording import Recording
from reviewbot.dag.running.scheduler import Scheduler
from reviewbot.dag.running.unit import Surroundings


class Execution:
    """The state of one run; every run has its own, so that two never share any."""

    def __init__(self, graph: Graph, inputs: Mapping[str, Any], options: Options) -> None:
        self._options = options
        self._warnings: list[str] = []
        self._ending: Ending | None = None
        self._watchers: TaskGroup | None = None
        self._listener = None if options.on_event is None else Listener(options.on_event)
        ready = Ready(options.limits, options.max_parallel)
        plans = Plans(ready, options.estimates)
        self._scheduler = scheduler = Scheduler(
            ready, plans, None if self._listener is None else self._listener.tell
        )
        if options.record is not None:
            scheduler.recording = self._recording(options.record)
        scheduler.around = self._around = self._surroundings(options)
        plan = plans.of(graph if options.defaults == DEFAULT else under(graph, options.defaults))
        recording = scheduler.recording
        self._whole = Instance(
            plan,
            inputs,
            scheduler,
            self._around,
            labels=options.labels,
            then=None if recording is None else recording.complete,
        )

    def _recording(self, record: Record) -> Recording:
        scheduler = self._scheduler
        return Recording(record=record, warn=self._warn, told=scheduler.recruit)

    def _surroundings(self, options: Options) -> Surroundings:
        clock, recording = options.clock, self._scheduler.recording
        random = SystemRandom() if options.seed is None else Random(options.seed)  # noqa: S311 - spreads delays
        return Surroundings(
            clock=clock,
            random=options.random or random.random,
            zero=clock.now(),
            tell=self._scheduler.tell,
            apart=self._scheduler.apart,
            attempted=None if recording is None else recording.attempted,
            stop_run=self._stop_run,
            warn=self._warn,
            run=self._name,
            shared=MappingProxyType(dict(options.shared)),
            ledger=Ledger(options.budgets),
            breakers=options.breakers or Breakers(),
            values=options.values,
            interruptible=options.deadline is not None or options.stop is not None,
        )

    @property
    def _name(self) -> str:
        record = self._options.record
        return self._options.name or ("" if record is None else record.run)

    async def run(self) -> Run:
        """Run to the end, with a watcher for whatever may end it early."""
        options = self._options
        async with anyio.create_task_group() as self._watchers:
            self._watchers.start_soon(self._watch_alarm)
            if options.deadline is not None:
                self._watchers.start_soon(self._watch_deadline, options.deadline)
            if options.stop is not None:
                self._watchers.start_soon(self._watch_stop, options.stop)
            await self._scheduler.work_off(self._begin)
            self._watchers.cancel_scope.cancel()
        return await self._finished()

    def _begin(self) -> None:
        if self._listener is not None:
            self._listener.tell(RunStarted(run=self._name, graph=self._whole.graph))
        if self._scheduler.recording is not None:
            self._scheduler.spawn(self._scheduler.recording.commit)
        self._whole.begin()

    async def _watch_alarm(self) -> None:
        try:
            await self._around.alarm.watch()
        finally:
            self._scheduler.abandon()

    async def _watch_deadline(self, deadline: float) -> None:
        await anyio.sleep(deadline)
        why = f"run deadline of {deadline:g} s"
        self._wind_down(Ending(why=why, working=Status.TIMED_OUT, waiting=Status.SKIPPED))

    async def _watch_stop(self, stop: anyio.Event) -> None:
        await stop.wait()
        self._stop_run("the run was stopped")

    def _stop_run(self, why: str) -> None:
        self._wind_down(Ending(why=why, working=Status.CANCELLED, waiting=Status.CANCELLED))

    def _wind_down(self, ending: Ending) -> None:
        """End the run early; whatever closes it has its grace. The first reason counts."""
        if self._ending is None and self._watchers is not None:
            self._end(replace(ending, keep=closing(self._whole.graph)))
            self._watchers.start_soon(self._watch_grace, ending)

    async def _watch_grace(self, ending: Ending) -> None:
        grace = self._options.grace
        await anyio.sleep(grace)
        self._end(replace(ending, why=f"{ending.why} and {grace:g} s of grace"))

    def _end(self, ending: Ending) -> None:
        """Cut off every node that the ending does not keep, now."""
        self._ending = self._whole.ending_of_all = ending
        self._scheduler.sweep()

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)

    async def _finished(self) -> Run:
        """The frozen Run, once every node has settled; tells the listener and the record."""
        listener, recording = self._listener, self._scheduler.recording
        run = self._described(self._whole.finished())
        if recording is not None:
            await recording.finished(run)
            run = self._described(run)
        if listener is not None:
            listener.tell(RunSettled(run=run))
        return run

    def _described(self, run: Run) -> Run:
        told = self._listener.warnings if self._listener else []
        return replace(
            run,
            ended=self._ending.why if self._ending else "",
            warnings=(*told, *self._warnings),
            name=self._name,
            spent=self._around.ledger.spent,
            breakers=self._around.breakers.states,
        )
