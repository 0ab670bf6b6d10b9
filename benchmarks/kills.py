"""Runs that are killed, and go on: what is lost, and what is done twice.

    python -m benchmarks.kills [--rounds 3] [--step 1] [--random 1000] [--seed 1] [--json FILE]

The graph is review-shaped: a diamond, a node mapped over files, a subgraph, a subgraph mapped over
files (tests/dag/journal/review.py); every body adds its name to a file before it returns. Each run
is a process of its own that SIGKILL ends: first at every boundary of the journal (before a commit,
in it, after it; every `--step`th of them, `--rounds` times, one node at a time and as many as can),
then at `--random` random moments. It then goes on in new processes, killed again or not, until it
is done.

A node has finished when its row is committed. *lost*: finished before a kill and not after it.
*twice*: finished before a kill and run after it. *early*: at work although something it needs had
not finished. *other*: runs that found something else than a run that nobody killed. All have to be
0, or the exit code is 1.
"""

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import anyio

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader
from reviewbot.dag.journal.record import RunRecord
from reviewbot.dag.journal.store import Statement, Store
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from tests.dag.journal.review import BODIES, INPUTS, Log, review

PLACES = ("before", "in", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Where a process ends itself: at its `commit`-th commit, before it, in it, or after it."""

    commit: int
    place: str


class Deadly(Store):
    """A store whose process ends at one place."""

    kill: Kill | None = None
    commits = 0

    def write(self, statements: Iterable[Statement]) -> None:
        """As the store's, or the end."""
        kill = self.kill
        is_it = kill is not None and kill.commit == self.commits
        self.commits += 1
        if kill is not None and is_it:
            if kill.place == "before":
                die()
            if kill.place == "in":
                self._rows.set_trace_callback(lambda said: die() if said == "COMMIT" else None)
        super().write(statements)
        if is_it:
            die()


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened in all runs of one kind."""

    runs: int = 0
    kills: int = 0
    resumed: int = 0
    finished_at_kills: int = 0
    lost: int = 0
    twice: int = 0
    early: int = 0
    other: int = 0
    seconds: float = 0.0

    @property
    def is_kept(self) -> bool:
        """Whether every promise was."""
        return self.lost == self.twice == self.early == self.other == 0


@dataclass(slots=True, kw_only=True)
class Scene:
    """One run in a directory of its own, through as many processes as it takes."""

    place: Path
    graph: Graph
    log: Log
    needs: Mapping[str, frozenset[str]]
    parallel: int | None = None
    finished: frozenset[str] = frozenset()
    tally: Tally = field(default_factory=Tally)

    def go(self, kill: Kill | None = None, after: float | None = None) -> bool:
        """One process: until it is done (True), or ends itself, or is killed `after` seconds."""
        child = os.fork()
        if not child:
            try:
                self._work(kill)
            except BaseException:  # noqa: BLE001 - a child of a fork may not return
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        if after is not None:
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError(f"a process failed in {self.place}")
        is_done = os.WIFEXITED(status)
        self._look(is_done)
        return is_done

    def _work(self, kill: Kill | None) -> None:
        store = Deadly.open(self.place / "journal", timeout=5, durable=False)
        store.kill = kill
        journal = Journal(store, time.time)
        record = self._record(journal)
        done = anyio.run(self._run, record)
        (self.place / "found").write_text(repr(done))
        record.close()
        journal.close()

    def _record(self, journal: Journal) -> RunRecord:
        try:
            return journal.resume("review", self.graph, INPUTS)
        except JournalError as error:
            if "has no run" not in str(error):
                raise
            return journal.begin("review", self.graph, INPUTS)

    async def _run(self, record: RunRecord) -> Any:  # noqa: ANN401 - what the nodes gave
        done = await run(self.graph, INPUTS, record=record, max_parallel=self.parallel)
        if done.warnings:
            raise RuntimeError(done.warnings)
        return {name: outcome.value for name, outcome in done.outcomes.items() if _is_plain(name)}

    def _look(self, is_done: bool) -> None:  # noqa: FBT001 - what `go` saw
        """Compare what the process ran with what the journal says before it and after it."""
        ran = self.log.counts()
        self.log.path.unlink(missing_ok=True)
        after = finished(self.place)
        self.tally.lost += len(self.finished - after)
        self.tally.twice += len(self.finished & ran.keys()) + sum(n - 1 for n in ran.values())
        self.tally.early += sum(1 for name in ran if not self.needs[name] <= after)
        self.finished = after
        if not is_done:
            self.tally.kills += 1
            self.tally.finished_at_kills += len(after & BODIES)


def _is_plain(name: str) -> bool:
    return name not in {"triage", "deep"}  # their items carry times


def finished(place: Path) -> frozenset[str]:
    """The nodes and items whose row is committed."""
    if not (place / "journal").exists():
        return frozenset()
    with Reader.open(place / "journal") as reader:
        if not reader.runs():
            return frozenset()
        found = reader.load("review").nodes.values()
    return frozenset(each.path for each in found if each.status == Status.SUCCEEDED)


_BEFORE = {
    "bandit": (),
    "secrets": (),
    "join": ("bandit", "secrets"),
    "read": (),
    "judge": ("read",),
}
"""The nodes of both subgraphs, and what each needs there."""


def needs_of(graph: Graph) -> Mapping[str, frozenset[str]]:
    """What has to be finished before each body starts, by paths of the record."""
    found: dict[str, frozenset[str]] = {}
    for body in BODIES:
        home, _, inner = body.rpartition("/")
        is_inner = inner in _BEFORE
        outer = (home if is_inner else body).partition("[")[0]
        inside = (f"{home}/{each}" for each in _BEFORE[inner]) if is_inner else ()
        found[body] = frozenset({*graph.needs[outer], *inside})
    return found


class Campaign:
    """Runs of one graph, each in a directory of its own under `home`."""

    def __init__(self, home: Path, dice: random.Random) -> None:
        self._home = home
        self._dice = dice
        self._count = 0
        self.seconds = 0.0
        self.expected = ""

    def scene(self, tally: Tally, parallel: int | None) -> Scene:
        """A fresh run."""
        self._count += 1
        place = self._home / str(self._count)
        place.mkdir()
        log = Log(place / "log")
        graph = review(log, pause=0.001)
        tally.runs += 1
        return Scene(
            place=place,
            graph=graph,
            log=log,
            needs=needs_of(graph),
            parallel=parallel,
            tally=tally,
        )

    def unkilled(self) -> None:
        """What a run finds, and how long it takes, when nobody kills it."""
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            scene = self.scene(Tally(), None)
            scene.go()
            taken.append(time.perf_counter() - begun)
            self.expected = (scene.place / "found").read_text()
        self.seconds = statistics.median(taken)

    def end(self, scene: Scene) -> None:
        """Let the run go on until it is done, and look at what it found."""
        tally = scene.tally
        tally.resumed += 1
        if not scene.go():
            raise RuntimeError(f"nobody killed {scene.place}")
        tally.other += (scene.place / "found").read_text() != self.expected
        tally.lost += len(BODIES - scene.finished)

    def at_every_boundary(self, rounds: int, step: int, parallel: int | None) -> Tally:
        """Kill at every commit of a run, before, in and after it; each goes on to its end."""
        tally, begun = Tally(), time.perf_counter()
        for _ in range(rounds):
            for place in PLACES:
                for commit in count(step=step):
                    scene = self.scene(tally, parallel)
                    if scene.go(Kill(commit=commit, place=place)):
                        break
                    self.end(scene)
        tally.seconds = time.perf_counter() - begun
        return tally

    def at_random(self, kills: int) -> Tally:
        """Kill at random moments, some runs again and again."""
        tally, begun = Tally(), time.perf_counter()
        while tally.kills < kills:
            scene = self.scene(tally, self._dice.choice([None, 1, 2]))
            while not scene.go(after=self._dice.uniform(0, self.seconds * 1.2)):
                if self._dice.random() < 0.5:
                    self.end(scene)
                    break
        tally.seconds = time.perf_counter() - begun
        return tally


def main(arguments: list[str] | None = None) -> int:
    """Run the campaigns and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--random", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory() as home:
        campaign = Campaign(Path(home), random.Random(asked.seed))  # noqa: S311 - had again by seed
        campaign.unkilled()
        every = partial(campaign.at_every_boundary, asked.rounds, asked.step)
        kinds: Mapping[str, Callable[[], Tally]] = {
            "every boundary, one at a time": lambda: every(1),
            "every boundary": lambda: every(None),
            "random moments": lambda: campaign.at_random(asked.random),
        }
        found = {name: told(name, kind()) for name, kind in kinds.items()}
    if asked.json:
        asked.json.write_text(json.dumps({name: asdict(each) for name, each in found.items()}))
    return 0 if all(each.is_kept for each in found.values()) else 1


def told(name: str, tally: Tally) -> Tally:
    """Print one line of the table."""
    print(
        f"{name}: {tally.runs} runs, {tally.kills} kills, {tally.resumed} went on to their end, "
        f"{tally.finished_at_kills} bodies finished at kills; lost {tally.lost}, "
        f"twice {tally.twice}, early {tally.early}, other {tally.other} [{tally.seconds:.0f} s]",
        flush=True,
    )
    return tally


if __name__ == "__main__":
    sys.exit(main())
