"""The source lines a finding stands on: its text and the function or class around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from reviewbot.review.finding import Finding
from reviewbot.review.symbols import Definition, definitions, enclosing

_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST = 20
_KEPT = 64
"""Files whose definitions are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    lines: tuple[str, ...]
    symbols: tuple[Definition, ...]


def with_source(
    findings: Iterable[Finding], root: str, known: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """The same findings with ``source``, ``text`` and ``symbol`` read from a tree, sorted.

    Args:
        findings: as a parser gives them, with paths relative to ``root``.
        root: absolute path of the tree they were found in.
        known: what this gave before for files that have the same bytes: they are not read again.
    """
    there = {each.location: each for each in known}
    sources: dict[str, _Source] = {}
    found = []
    for finding in findings:
        if (same := there.get(finding.location)) is not None:
            found.append(_as(same, finding))
            continue
        if finding.path not in sources:
            sources[finding.path] = _read(Path(root, finding.path))
        found.append(_placed(finding, sources[finding.path]))
    return tuple(sorted(found, key=lambda each: each.sort_key))


def _as(same: Finding, finding: Finding) -> Finding:
    return replace(finding, source=same.source, text=same.text, symbol=same.symbol)


def _read(path: Path) -> _Source:
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        text = ""
    return _Source(lines=tuple(_LINE_END.split(text)), symbols=_definitions(text))


@lru_cache(maxsize=_KEPT)
def _definitions(text: str) -> tuple[Definition, ...]:
    """Several tools have something to say about a changed file, and both sides may be the same."""
    return definitions(text)


def _placed(finding: Finding, source: _Source) -> Finding:
    line = finding.line
    if line is None or not 0 < line <= len(source.lines):
        return finding
    last = min(finding.location.last_line or line, line + _LONGEST)
    return replace(
        finding,
        source=source.lines[line - 1],
        text="\n".join(source.lines[line - 1 : last]),
        symbol=enclosing(source.symbols, line),
    )
