"""What a run starts from, kept so that it goes on from nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from reviewbot.dag.digest import DigestError, digest, wiring
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.text import decoded, loaded
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.rows import RunRow, SummaryRow

_TEXTS = shape_of(dict[str, str])
_WIRING = shape_of(dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """What a run starts from, as it is kept: every part a text or a mapping of texts.

    `inputs` are digests of the run's inputs; `manifest` is whatever else the caller says must be
    the same when the run goes on: versions of tools, commits, a seed.
    """

    wiring: Mapping[str, Mapping[str, str]]
    inputs: Mapping[str, str]
    manifest: Mapping[str, str]

    @classmethod
    def of(cls, graph: Graph, inputs: Mapping[str, Any], manifest: Mapping[str, str]) -> Self:
        """What this graph starts from with these inputs.

        Raises:
            JournalError: an input has no content of its own, such as an open connection.
        """
        digests: dict[str, str] = {}
        problems: list[str] = []
        for name, value in inputs.items():
            try:
                digests[name] = digest(value)
            except DigestError as error:
                problems.append(
                    f"input {name!r} cannot be told by its content: {error}; "
                    "give the journal something that stands for it"
                )
        if problems:
            raise JournalError(*problems)
        return cls(wiring=wiring(graph), inputs=digests, manifest=dict(manifest))


def kept(row: RunRow) -> Starting:
    """What a run started from."""
    return Starting(
        wiring=decoded(loaded(row.wiring), _WIRING),
        inputs=decoded(loaded(row.inputs), _TEXTS),
        manifest=manifest_of(row),
    )


def manifest_of(row: SummaryRow) -> Mapping[str, str]:
    """The manifest of a run."""
    found: Mapping[str, str] = decoded(loaded(row.manifest), _TEXTS)
    return found


def differences(before: Starting, now: Starting) -> tuple[str, ...]:
    """What is no longer what it was, by name, one line each."""
    return (
        *_changed("node", before.wiring, now.wiring),
        *_changed("input", before.inputs, now.inputs),
        *_changed("manifest entry", before.manifest, now.manifest),
    )


def _changed(what: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{what} {name!r} is gone" for name in before if name not in now)
    yield from (f"{what} {name!r} is new" for name in now if name not in before)
    for name, was in before.items():
        if name in now and now[name] != was:
            yield _difference(f"{what} {name!r}" if name else "the graph", was, now[name])


def _difference(what: str, was: Any, now: Any) -> str:  # noqa: ANN401 - texts, or mappings of them
    if isinstance(was, Mapping):
        parts = [part for part in {**was, **now} if was.get(part) != now.get(part)]
        return f"{what} has other {', '.join(parts)}"
    return f"{what} has changed"
