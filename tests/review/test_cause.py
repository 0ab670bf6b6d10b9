"""Causes of real type errors: mypy reports a line, the change wrote another."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reviewbot.review.analysis import Analysis
from reviewbot.review.cause import Causes
from reviewbot.review.classified import Cause
from reviewbot.review.differential import classify
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.sides import Sides
from reviewbot.review.symbols import definitions, enclosing
from reviewbot.testing.fakes.texts import Files, Texts
from tests.review.breakages import BREAKAGES

_Found = Mapping[str, tuple[Finding, ...]]


def _package(number: int) -> str:
    return f"p{number:02}"


def _before(number: int) -> Files:
    files = {"__init__.py": "", **BREAKAGES[number].base}
    return {f"{_package(number)}/{path}": text for path, text in files.items()}


def _after(number: int) -> Files:
    written = BREAKAGES[number].head
    head = {f"{_package(number)}/{path}": text for path, text in written.items()}
    merged = {**_before(number), **head}
    return {path: text for path, text in merged.items() if text is not None}


def _mypy(root: Path, sides: Sequence[Files]) -> _Found:
    """One run over all packages: what a case of its own would say, at the price of one start."""
    texts = {path: text for files in sides for path, text in files.items()}
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "-O", "json", "--config-file=",
         "--cache-dir=/dev/null", "--no-error-summary", *map(_package, range(len(sides)))],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        if row["severity"] == "error":
            path = row["file"]
            found[path.partition("/")[0]].append(_finding(path, row, texts[path]))
    return {package: tuple(each) for package, each in found.items()}


def _finding(path: str, row: Mapping[str, object], text: str) -> Finding:
    line = row["line"]
    assert isinstance(line, int)
    end = row["end_line"]
    last = end if isinstance(end, int) else line
    lines = text.splitlines()
    return Finding(
        node="types",
        tool="mypy",
        rule=str(row["code"]),
        message=str(row["message"]),
        severity=Severity.ERROR,
        location=Location(path=path, line=line, end_line=last),
        symbol=enclosing(definitions(text), line),
        source=lines[line - 1],
        text="\n".join(lines[line - 1 : last]),
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> _Found:
    sides = [_before(number) for number in range(len(BREAKAGES))]
    return _mypy(tmp_path_factory.mktemp("base"), sides)


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> _Found:
    sides = [_after(number) for number in range(len(BREAKAGES))]
    return _mypy(tmp_path_factory.mktemp("head"), sides)


def _line(files: Files, path: str, snippet: str) -> int | None:
    if not snippet:
        return None
    skipped = len(snippet) - len(snippet.lstrip("\n"))
    return files[path][: files[path].index(snippet) + skipped].count("\n") + 1


@pytest.mark.feature("D02")
@pytest.mark.parametrize(
    "number", range(len(BREAKAGES)), ids=[each.name.replace(" ", "_") for each in BREAKAGES]
)
def test_an_error_that_the_change_did_not_write_is_charged_to_the_line_that_it_wrote(
    number: int, before: _Found, after: _Found
) -> None:
    case, package = BREAKAGES[number], _package(number)
    renames = {f"{package}/{new}": f"{package}/{old}" for new, old in case.renames.items()}
    texts = Texts(before=_before(number), after=_after(number), renames=renames)
    sides = Sides(texts.diff, texts)
    analysis = Analysis(
        tool="mypy", tool_version="0", head=after[package], base=before.get(package, ())
    )
    told = Causes(sides).charged(classify(analysis, sides).findings)
    found = {
        (each.finding.path, each.finding.line, each.finding.rule, _place(each.cause))
        for each in told
        if not each.in_diff
    }
    wanted = {
        (f"{package}/{path}", _line(texts.after, f"{package}/{path}", snippet), rule,
         (f"{package}/{cause}", _line(texts.after, f"{package}/{cause}", at)))
        for path, snippet, rule, cause, at in case.blames
    }  # fmt: skip
    assert found == wanted


def _place(cause: Cause | None) -> tuple[str, int | None] | None:
    return None if cause is None else (cause.path, cause.line)


def test_a_class_that_is_gone_is_named_itself_not_its_constructor() -> None:
    use = "from p.a import A\n"
    gone = {"p/a.py": "class A:\n    def __new__(cls): ...\n\n\nx = 1\n", "p/b.py": use}
    texts = Texts(before=gone, after={"p/a.py": "x = 1\n", "p/b.py": use})
    row = {"line": 1, "end_line": 1, "code": "attr-defined"}
    missing = {**row, "message": 'Module "p.a" has no attribute "A"'}
    cause = Causes(Sides(texts.diff, texts)).cause(_finding("p/b.py", missing, use))
    assert cause is not None
    assert (cause.path, cause.symbol) == ("p/a.py", "A")
