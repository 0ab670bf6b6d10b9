"""A small review of the real shape: a diamond, a map, two subgraphs, and what its bodies log."""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import anyio

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.run import Outcome

FILES = ("a.py", "b.py", "src/c.py")
INPUTS = {"change": "HEAD~1..HEAD"}
BODIES = {
    "fetch",
    "lint",
    "types",
    "files",
    *(f"triage[{file}]" for file in FILES),
    "merge",
    "verdict",
    "pack/bandit",
    "pack/secrets",
    "pack/join",
    *(f"deep[{file}]/read" for file in FILES),
    *(f"deep[{file}]/judge" for file in FILES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    path: Path
    line: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Log:
    """A file that every body adds its name to before it returns; safe for any number of writers."""

    path: Path

    def add(self, name: str) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{name}\n".encode())
        os.close(descriptor)

    def counts(self) -> Mapping[str, int]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return {name: lines.count(name) for name in lines}


def review(log: Log, pause: float = 0.0) -> Graph:
    """The graph; its bodies take `pause` seconds each."""

    async def done(name: str) -> None:
        await anyio.sleep(pause)
        log.add(name)

    @node
    async def fetch(change: str) -> str:
        await done("fetch")
        return f"diff of {change}"

    @node
    async def lint(fetch: str) -> tuple[Finding, ...]:
        await done("lint")
        return (Finding(path=Path("a.py"), line=len(fetch), tags=frozenset({"x", "y"})),)

    @node
    async def types(fetch: str) -> Mapping[str, Finding]:
        await done("types")
        return {"b": Finding(path=Path("b.py"), line=len(fetch))}

    @node
    async def files(fetch: str) -> tuple[str, ...]:
        await done("files")
        return FILES if fetch else ()

    @node(each=Each(over={"file": "files"}, key=str))
    async def triage(file: str, lint: tuple[Finding, ...]) -> Finding:
        await done(f"triage[{file}]")
        return Finding(path=Path(file), line=len(lint))

    @node
    async def merge(
        lint: Outcome[tuple[Finding, ...]],
        types: Outcome[Mapping[str, Finding]],
        triage: Outcome[Items[Finding]],
    ) -> tuple[Finding, ...]:
        await done("merge")
        found = [*(lint.value or ()), *(types.value or {}).values()]
        return (*found, *(triage.value.values if triage.value else ()))

    @node
    async def verdict(merge: tuple[Finding, ...], pack: str, deep: Items[str]) -> str:
        await done("verdict")
        return f"{len(merge)} findings, {pack}, {', '.join(deep.values)}"

    return Graph(
        [
            fetch,
            lint,
            types,
            files,
            triage,
            merge,
            verdict,
            nested("pack", _pack(done), gives="join"),
            nested("deep", _deep(done), gives="judge", each=Each(over={"file": "files"}, key=str)),
        ],
        {"change": str},
    )


Done = Callable[[str], Awaitable[None]]


def _pack(done: Done) -> Graph:
    @node
    async def bandit(fetch: str) -> int:
        await done("pack/bandit")
        return len(fetch)

    @node
    async def secrets(fetch: str) -> int:
        await done("pack/secrets")
        return 2 * len(fetch)

    @node
    async def join(bandit: int, secrets: int) -> str:
        await done("pack/join")
        return f"{bandit + secrets} seen"

    return Graph([bandit, secrets, join], {"fetch": str})


def _deep(done: Done) -> Graph:
    @node
    async def read(file: str) -> bytes:
        await done(f"deep[{file}]/read")
        return file.encode()

    @node
    async def judge(read: bytes) -> str:
        await done(f"deep[{read.decode()}]/judge")
        return read.decode().upper()

    return Graph([read, judge], {"file": str})
