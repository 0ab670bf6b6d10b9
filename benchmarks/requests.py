"""How many requests a run of the action makes, and how many of them write, per scenario.

    python -m benchmarks.requests [--json FILE]

The action runs as a step of a workflow against a GitHub on loopback that enforces GitHub's rules.
The goals: at most 15 requests for a usual run, 3 of them creating content, and no write when
nothing changed. ``reads`` are lists, objects and GraphQL queries, ``creates`` what GitHub counts as
creating content (reviews, comments, issues), ``edits`` everything else that writes.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.e2e.shapes import BASE, BROKEN, MENDED
from tests.e2e.step import Job
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.github.server import running

APPROVING = {".reviewbot.yml": "verdict: {approve: when_clean}\n"}
Push = Callable[[Opened], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run of the action."""

    scenario: str
    requests: int
    reads: int
    creates: int
    edits: int
    exit: int
    verdict: str


def _nothing(_pull: Opened) -> None:
    """The same head as before."""


PUSHES: dict[str, Push] = {
    "opened, blocked": _nothing,
    "the same head again": _nothing,
    "lines shift": lambda pull: pull.push({"shapes/run.py": "\n\n" + BROKEN["shapes/run.py"]}),
    "one more finding": lambda pull: pull.push({"shapes/more.py": "import sys\n"}),
    "everything mended, approved": lambda pull: pull.push({**MENDED, "shapes/more.py": None}),
    "a push after the approval": lambda pull: pull.push({"README.md": "Shapes\n"}),
}


def main() -> None:
    """Run every scenario, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(
        f"{'scenario':<32}{'requests':>9}{'reads':>7}{'creates':>9}{'edits':>7}{'exit':>6}  verdict"
    )
    rows = []
    with running() as hub, tempfile.TemporaryDirectory() as folder:
        for row in measured(hub, Path(folder)):
            rows.append(row)
            print(
                f"{row.scenario:<32}{row.requests:>9}{row.reads:>7}{row.creates:>9}{row.edits:>7}"
                f"{row.exit:>6}  {row.verdict}",
                flush=True,
            )
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


def measured(hub: Hub, folder: Path) -> Iterator[Row]:
    """One pull request over its life, then one of a fork whose token may only read."""
    pull = open_pull_request(hub, {**BASE, **APPROVING}, BROKEN)
    pull.repository.actions_approve = True
    for run, (scenario, push) in enumerate(PUSHES.items(), 1):
        push(pull)
        yield stepped(hub, pull, folder / str(run), scenario, hub.actions_token(), run)
    fork = open_pull_request(hub, {}, BROKEN, fork=True)
    token = hub.actions_token(contents="read", pull_requests="read")
    yield stepped(hub, fork, folder / "fork", "a fork, read-only token", token, 90)
    fork.close()
    yield stepped(hub, fork, folder / "closed", "closed", hub.actions_token(), 91)


def stepped(hub: Hub, pull: Opened, folder: Path, scenario: str, token: str, run: int) -> Row:
    """One run of the action and what it asked."""
    before = _counted(hub)
    done = Job.create(folder, hub, token).review(pull, run=run)
    requests, writes, creates = (
        now - then for now, then in zip(_counted(hub), before, strict=True)
    )
    return Row(
        scenario=scenario,
        requests=requests,
        reads=requests - writes,
        creates=creates,
        edits=writes - creates,
        exit=done.ended.code,
        verdict=done.outputs.get("verdict", ""),
    )


def _counted(hub: Hub) -> tuple[int, int, int]:
    """Requests, those that write, those that create content."""
    return len(hub.log), len(hub.log.writes), len(hub.log.content)


if __name__ == "__main__":
    main()
