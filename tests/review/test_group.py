"""Groups: one changed line that invalidates many is told once."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.review.analysis import Analysis
from reviewbot.review.cause import Causes
from reviewbot.review.classified import BaselineState, Cause, Classified
from reviewbot.review.differential import classify
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.group import family, grouped, groups
from reviewbot.review.sides import Sides
from reviewbot.testing.fakes.texts import Texts

_NAMES = [f"name_{number}" for number in range(65)]
_USES = "".join(f"\n\ndef f{n}():\n    return {name}\n" for n, name in enumerate(_NAMES))
_BASE = "from pkg.names import (\n" + "".join(f"    {n},\n" for n in _NAMES) + ")\n" + _USES
_HEAD = "from pkg.names import *\n" + _USES


def _ruff(directory: Path, text: str) -> tuple[Finding, ...]:
    (directory / "use.py").write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F405",
         "--output-format", "json", "use.py"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    lines = text.split("\n")
    return tuple(
        Finding(
            node="lint",
            tool="ruff",
            rule=row["code"],
            message=row["message"],
            severity=Severity.ERROR,
            location=Location(path="use.py", line=row["location"]["row"]),
            source=lines[row["location"]["row"] - 1],
        )
        for row in json.loads(run.stdout)
    )


@pytest.mark.feature("D06")
def test_sixty_five_names_behind_one_star_import_are_one_group(tmp_path: Path) -> None:
    change = Texts(before={"use.py": _BASE}, after={"use.py": _HEAD})
    sides = Sides(change.diff, change)
    analysis = Analysis(
        tool="ruff", tool_version="1", head=_ruff(tmp_path, _HEAD), base=_ruff(tmp_path, _BASE)
    )
    told = grouped(Causes(sides).charged(classify(analysis, sides).findings))
    (group,) = groups(told)
    assert (len(group.findings), group.cause.path, group.cause.line) == (65, "use.py", 1)


def charged(
    number: int, *, rule: str = "override", symbol: str = "Base.run", line: int | None = 4
) -> Classified:
    finding = Finding(
        node="types",
        tool="mypy",
        rule=rule,
        message=f"error {number}",
        severity=Severity.ERROR,
        location=Location(path=f"child{number}.py", line=7),
    )
    return Classified(
        finding=finding,
        state=BaselineState.INTRODUCED,
        id=f"id{number}",
        in_diff=False,
        cause=Cause(path="base.py", line=line, symbol=symbol),
    )


@pytest.mark.feature("D06")
def test_errors_of_four_siblings_are_one_group_on_the_signature_of_their_base() -> None:
    (group,) = groups(grouped(charged(number) for number in range(4)))
    assert group.text == "the change of Base.run causes 4 findings in 4 files"
    assert group.findings == ("id0", "id1", "id2", "id3")


@pytest.mark.feature("D06")
@pytest.mark.parametrize(
    ("found", "number"),
    [
        ((charged(1),), 0),
        ((charged(1), charged(2, line=9)), 0),
        ((charged(1), charged(2, rule="call-arg")), 1),
        ((charged(1, symbol=""), charged(2, symbol="")), 1),
        ((charged(1, symbol=""), charged(2, symbol="", rule="call-arg")), 0),
        ((charged(1, symbol="a"), charged(2, symbol="b")), 1),
        ((charged(1), replace(charged(2), cause=None)), 0),
    ],
    ids=[
        "one is none",
        "two lines",
        "two rules of one symbol",
        "one line without a symbol",
        "nothing in common but the line",
        "one rule of one line",
        "one without a cause",
    ],
)
def test_a_group_needs_one_place_and_a_symbol_or_a_family(
    found: tuple[Classified, ...], number: int
) -> None:
    assert len(groups(grouped(found))) == number


@pytest.mark.feature("D06")
def test_the_id_of_a_group_holds_no_line_number() -> None:
    here = groups(grouped((charged(1, line=4), charged(2, line=4))))
    there = groups(grouped((charged(1, line=90), charged(2, line=90))))
    assert [each.id for each in here] == [each.id for each in there]


@pytest.mark.parametrize(
    ("rule", "wanted"), [("F405", "F"), ("PLR0913", "PLR"), ("arg-type", "arg-type")]
)
def test_a_family_is_the_letters_of_a_numbered_rule(rule: str, wanted: str) -> None:
    assert family(rule) == wanted
