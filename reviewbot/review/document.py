"""A report that comes from somewhere else: JSON text → Report, or what is wrong with it.

Who made the document may be hostile: everything is checked, nothing of it is believed to be more
than text, and it can hold nothing that a report of ours could not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from reviewbot.review.analysis import Trust
from reviewbot.review.classified import BaselineState
from reviewbot.review.finding import Confidence, Severity
from reviewbot.review.nearness import Nearness
from reviewbot.review.report import SCHEMA, Report
from reviewbot.review.rows import FindingRow
from reviewbot.review.verdict import Decision, Level, Risk

LARGEST = 5 << 20
"""Bytes of a document that is read."""
_LONGEST_TEXT = 20_000
_MOST_ITEMS = 20_000
_MOST_LINES = 100_000_000
_ID = re.compile(r"[0-9a-f]{16}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class DocumentRefused(ValueError):
    """The text is no report; the message says in one line why."""


def parse_report(text: str) -> tuple[Report, str]:
    """The report in a document and its sentence about what was reviewed.

    A document is one of ours exactly when writing what was read gives the same document again: no
    unknown key, no other type, nothing left over.

    Raises:
        DocumentRefused: it is not.
    """
    data = _json(text)
    if not isinstance(data, dict):
        raise DocumentRefused("it is no JSON object")
    _bounded(data)
    sentence = data.pop("range", "")
    if not isinstance(sentence, str):
        raise DocumentRefused("range: it is no text")
    try:
        report = TypeAdapter(Report).validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DocumentRefused(f"{where}: {first['msg']}") from None
    if _plain(asdict(report)) != data:
        raise DocumentRefused("it holds keys or values that no report has")
    _check(report)
    return report, sentence


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused(f"it is no JSON: {type(error).__name__}") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _bounded(value: object) -> None:
    """Refuse what nobody would read: texts and lists beyond any real report's."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise DocumentRefused(f"a text of {len(value)} characters")
    if isinstance(value, dict | list):
        if len(value) > _MOST_ITEMS:
            raise DocumentRefused(f"a list of {len(value)} items")
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            _bounded(each)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _check(report: Report) -> None:
    """The words and numbers whose types alone say too little."""
    for why in _wrong(report):
        raise DocumentRefused(why)


def _wrong(report: Report) -> Iterator[str]:
    if report.schema != SCHEMA:
        yield f"schema: {report.schema[:40]!r} is not {SCHEMA}"
    for name, commit in (("base", report.base), ("head", report.head)):
        if commit is not None and not _COMMIT.fullmatch(commit):
            yield f"{name}: no commit id"
    yield from _words("trust", report.trust, Trust)
    yield from _words("verdict.decision", report.verdict.decision, Decision)
    yield from _words("verdict.level", report.verdict.level, Level)
    yield from _words("verdict.risk", report.verdict.risk, Risk)
    ids = [each.id for each in report.findings]
    if len(ids) != len(set(ids)):
        yield "findings: two have one id"
    for finding in report.findings:
        yield from _wrong_finding(finding)
    introduced = sum(each.change == BaselineState.INTRODUCED.value for each in report.findings)
    if introduced != report.counts.introduced:
        yield "counts: not those of the findings"


def _wrong_finding(each: FindingRow) -> Iterator[str]:
    if not _ID.fullmatch(each.id):
        yield "findings: an id is not 16 hex digits"
    yield from _words("severity", each.severity, Severity)
    yield from _words("confidence", each.confidence, Confidence)
    yield from _words("change", each.change, BaselineState)
    yield from _words("nearness", each.nearness, Nearness)
    for number in (each.line, each.end_line, each.column):
        if number is not None and not 0 < number < _MOST_LINES:
            yield f"findings: {number} is no line or column"


def _words(name: str, word: str, kind: type[Any]) -> Iterator[str]:
    if word not in {each.value for each in kind}:
        yield f"{name}: unknown word"
