"""The picture of what ran: in a review, drawn by the forge, and nothing in it ends its block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reviewbot.render.picture import picture
from reviewbot.review.rows import NodeRow


@pytest.mark.feature("U10")
def test_every_node_stands_in_it_with_its_end_and_its_needs() -> None:
    drawn = picture(
        [
            NodeRow(name="lint", status="succeeded"),
            NodeRow(name="types", status="timed_out"),
            NodeRow(name="merge", status="succeeded", wave=2, needs=("lint", "types", "change")),
        ]
    )

    assert drawn == (
        "```mermaid",
        "flowchart LR",
        '  n0["lint<br/>succeeded"]',
        '  n1["types<br/>timed out"]',
        '  n2["merge<br/>succeeded"]',
        "  n0 --> n2",
        "  n1 --> n2",
        "  classDef succeeded fill:#d4f4dd,color:#1f2328",
        "  class n0,n2 succeeded",
        "  classDef timed_out fill:#f8d7da,color:#1f2328",
        "  class n1 timed_out",
        "```",
    )


@given(st.text(), st.text(), st.text())
def test_a_row_of_a_forged_report_stays_in_its_block(name: str, status: str, other: str) -> None:
    text = "\n".join(picture([NodeRow(name=name, status=status, needs=(other, name))]))

    tokens = MarkdownIt().parse(text)

    assert [each.type for each in tokens] == ["fence"]


def test_what_nobody_can_read_is_not_drawn() -> None:
    assert picture([NodeRow(name=f"n{place}", status="succeeded") for place in range(61)]) == ()
    assert picture([]) == ()
