"""A marker remembers what a comment on a cause lists, as much of it as fits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.review.marker import Marker, marker_line, parse_marker
from reviewbot.review.publishing.cause_memory import CauseMemory
from tests.review.publishing.situations import caused

LISTS = st.lists(st.sets(st.integers(0, 600), min_size=1, max_size=200), min_size=1, max_size=3)


@pytest.mark.feature("G29")
@settings(max_examples=50)
@given(LISTS)
def test_whatever_it_lists_fits_into_a_marker_and_is_read_back(lists: list[set[int]]) -> None:
    memory = CauseMemory(digest="")
    for numbers in lists:
        rows = [caused(each) for each in sorted(numbers)]
        memory = memory.rewritten(rows)
        assert memory.lists(rows)
    for each in (memory, memory.closed()):
        marker = Marker(kind="comment", key="f" * 16, head="f" * 40, data=each.data)
        read = parse_marker(marker_line(marker))
        assert read is not None
        assert CauseMemory.parse(read.data) == each
        assert read.is_closed is (each is not memory)


@pytest.mark.parametrize("data", ["", "abcdef01", "c105ed", ",", "aa,bb.cc,dd.ee.ff.aa"])
def test_a_marker_of_another_form_remembers_no_more_than_it_says(data: str) -> None:
    memory = CauseMemory.parse(data)

    assert memory is None or (memory.listed, memory.former) == (frozenset(), frozenset())
