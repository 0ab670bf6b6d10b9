from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.github.answer import Garbled, parse_json


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>sign in</html>",
        '{"id": 1',
        '{"id": NaN}',
        '{"id": -Infinity}',
        '{"id": ' + "1" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"name": "\udcff"}',
    ],
    ids=lambda text: text[:12],
)
def test_what_is_not_plain_data_is_refused(text: str) -> None:
    with pytest.raises(Garbled):
        parse_json(text)


@given(st.text())
def test_any_text_is_json_or_refused(text: str) -> None:
    with suppress(Garbled):
        parse_json(text)
