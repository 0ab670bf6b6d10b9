from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.workspace.stamps import Stamps, next_stamps, take_stamps

SECONDS = st.integers(min_value=0, max_value=2**40)


@given(now=SECONDS, newest=SECONDS)
def test_stamps_are_newer_than_now_and_than_any_before(now: int, newest: int) -> None:
    stamps = next_stamps(now, newest)
    assert max(now, newest) < stamps.head < stamps.base


def test_a_clock_that_stands_still_gives_no_stamp_twice(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: take_stamps(cache, 1000), range(20)))
    every = [stamp for each in taken for stamp in (each.head, each.base)]
    assert sorted(every) == list(range(1001, 1041))


@pytest.mark.parametrize("written", ["", "junk", "-5", "9" * 100])
def test_a_stamp_file_that_says_nothing_useful_is_written_anew(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "newest-stamp").write_text(written)
    assert take_stamps(str(tmp_path), 1000) == Stamps(head=1001, base=1002)
    assert take_stamps(str(tmp_path), 1000) == Stamps(head=1003, base=1004)


def test_without_a_cache_the_clock_alone_counts() -> None:
    assert take_stamps(None, 7) == Stamps(head=8, base=9)
