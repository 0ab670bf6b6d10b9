import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.analyzers.answers.stored import StoredAnalysis, StoredFindings, digest
from reviewbot.review.analysis import NotReviewed
from reviewbot.review.finding import Confidence, Finding, Location, Severity

KEY = ("mypy", "2.3.1", "configuration", "environment", "c0ffee", "files")


def analysis(message: str = "bad") -> StoredAnalysis:
    finding = Finding(
        node="types",
        tool="mypy",
        rule="arg-type",
        message=message,
        severity=Severity.ERROR,
        confidence=Confidence.MEDIUM,
        location=Location(path="pkg/ä.py", line=3, column=1),
        symbol="f",
        source="f(1)",
    )
    gap = NotReviewed(path="bomb.py", reason="crashes it", node="types")
    return StoredAnalysis(findings=(finding, finding), hidden=(finding,), not_reviewed=(gap,))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    stored = StoredFindings(directory=str(tmp_path / "not" / "yet"))
    assert stored.load(KEY) is None
    stored.save(KEY, analysis())
    assert stored.load(KEY) == analysis()
    stored.save(KEY, analysis("worse"))
    assert stored.load(KEY) == analysis("worse")


@pytest.mark.parametrize("part", range(len(KEY)))
def test_every_part_of_the_key_counts(tmp_path: Path, part: int) -> None:
    stored = StoredFindings(directory=str(tmp_path))
    stored.save(KEY, analysis())
    assert stored.load([*KEY[:part], "other", *KEY[part + 1 :]]) is None


def test_without_a_directory_nothing_is_kept() -> None:
    stored = StoredFindings(directory=None)
    stored.save(KEY, analysis())
    assert stored.load(KEY) is None


@given(position=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
@settings(max_examples=40, deadline=None)
def test_a_flipped_bit_anywhere_is_a_miss(
    tmp_path_factory: pytest.TempPathFactory, position: int, bit: int
) -> None:
    directory = tmp_path_factory.mktemp("stored")
    stored = StoredFindings(directory=str(directory))
    stored.save(KEY, analysis())
    (file,) = directory.iterdir()
    data = bytearray(file.read_bytes())
    data[position % len(data)] ^= 1 << bit
    file.write_bytes(data)
    # The one byte between digest and body carries nothing.
    assert (
        stored.load(KEY) in {None, analysis()}
        if position % len(data) == 64
        else (stored.load(KEY) is None)
    )


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"\xff" * 100])
def test_garbage_is_a_miss(tmp_path: Path, content: bytes) -> None:
    stored = StoredFindings(directory=str(tmp_path))
    stored.save(KEY, analysis())
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert stored.load(KEY) is None


def test_a_file_under_the_name_of_another_key_is_a_miss(tmp_path: Path) -> None:
    stored = StoredFindings(directory=str(tmp_path))
    stored.save(KEY, analysis())
    (file,) = tmp_path.iterdir()
    file.rename(tmp_path / f"{digest('other')}.json")
    assert stored.load(["other"]) is None


def test_a_directory_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stored = StoredFindings(directory=str(tmp_path / "file" / "below"))
    stored.save(KEY, analysis())
    assert stored.load(KEY) is None


def test_text_that_is_no_unicode_is_kept_or_left_out_but_never_wrong(tmp_path: Path) -> None:
    stored = StoredFindings(directory=str(tmp_path))
    odd = analysis("name \udcff")
    stored.save(KEY, odd)
    assert stored.load(KEY) in (None, odd)
    assert [each for each in tmp_path.iterdir() if each.suffix != ".json"] == []


def test_of_too_many_answers_the_older_half_is_forgotten(tmp_path: Path) -> None:
    for age in range(5000):
        path = tmp_path / f"{age}.json"
        path.touch()
        os.utime(path, (10_000 - age, 10_000 - age))
    lucky = next(str(n) for n in range(10_000) if digest(str(n)).startswith("00"))
    stored = StoredFindings(directory=str(tmp_path))
    stored.save([lucky], analysis())
    assert stored.load([lucky]) == analysis()
    left = {each.name for each in tmp_path.iterdir()} - {f"{digest(lucky)}.json"}
    assert left == {f"{age}.json" for age in range(2047)}


@given(
    parts=st.lists(st.text(max_size=3), max_size=3), other=st.lists(st.text(max_size=3), max_size=3)
)
@settings(max_examples=60)
def test_digests_are_equal_only_for_equal_lists(parts: list[str], other: list[str]) -> None:
    safe = [p for p in parts if p.isascii()], [p for p in other if p.isascii()]
    assert (digest(*safe[0]) == digest(*safe[1])) == (safe[0] == safe[1])
