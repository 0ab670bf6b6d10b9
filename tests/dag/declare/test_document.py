"""A text is plain data with lines, or a list of what is wrong with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.declare.document import Document, parse_document
from reviewbot.dag.declare.duration import parse_duration, written_duration
from reviewbot.dag.declare.problem import Problems

YAML = "tag:yaml.org,2002"
NOT = "is not allowed here"


def parsed(text: str) -> tuple[Document, tuple[str, ...]]:
    problems = Problems()
    document = parse_document(text, "a.yml", problems)
    return document, problems.said(document.where)


def test_values_are_plain_and_every_key_has_its_line() -> None:
    document, said = parsed("a: 1\nb:\n  - x: 2.5\n    y: 2026-01-01\n  - [true, null]\n")
    assert document.values == {"a": 1, "b": [{"x": 2.5, "y": "2026-01-01"}, [True, None]]}
    assert said == ()
    assert document.lines == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 0, "x"): 3,
        ("b", 0, "y"): 4,
        ("b", 1): 5,
        ("b", 1, 0): 5,
        ("b", 1, 1): 5,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\nb: 4", ("a.yml:3: 'a' stands here twice; the first is in line 1",
                                     "a.yml:4: 'b' stands here twice; the first is in line 2")),
        ("a: &x 1\nb: *x", ("a.yml:2: not YAML: an alias (*name) is not allowed here",)),
        ("a: !!python/name:os.system", (f"a.yml:1: a tag ({YAML}:python/name:os.system) {NOT}",)),
        ("a: !x 1", (f"a.yml:1: a tag (!x) {NOT}",)),
        ("a: 1\nb: !!set {c}", (f"a.yml:2: a tag ({YAML}:set) {NOT}",)),
        ("<<: {a: 1}", ("a.yml:1: a key must be a plain word",)),
        ("[a]: 1", ("a.yml:1: a key must be a plain word",)),
        ("a: [", ("a.yml:1: not YAML: expected the node content, but found '<stream end>'",)),
        ("a:\n\tb: 1", ("a.yml:2: not YAML: found character '\\t' that cannot start any token",)),
        ("a\0b", (("a.yml:1: not YAML: unacceptable character #x0000: special characters are "
                   "not allowed"),)),
        ("a: 1\n--- \nb: 2", ("a.yml:2: not YAML: but found another document",)),
        ("- 1", ("a.yml:1: a mapping of keys is expected at the top",)),
        ("a: " + "[" * 60 + "]" * 60, ("a.yml:1: not YAML: more than 40 levels",)),
        ("a: " + "[" * 5000, ("a.yml:1: not YAML: more than 40 levels",)),
        ("a: " + "x" * 300_000, ("a.yml:1: larger than 256 KiB",)),
        ("a: " + "9" * 5000, ("a.yml:1: '9999999999999999999999999999999999999999' is no value",)),
    ],
)  # fmt: skip
def test_everything_that_is_more_than_data_is_refused_with_its_line(
    text: str, said: tuple[str, ...]
) -> None:
    assert parsed(text)[1] == said


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab:[]{},-\n \t&*!|>'\"#?%@`~01.\\", max_size=40))
def test_any_text_is_data_or_a_list_of_problems(text: str) -> None:
    document, said = parsed(text)
    assert isinstance(document.values, dict)
    assert all(one.startswith("a.yml:") for one in said)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1.5", 1.5),
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("2h", 7200),
        ("1m30.5s", 90.5),
        ("500ms", 0.5),
        ("1s200ms", 1.2),
        (" 3s ", 3),
        ("0", 0),
    ],
)
def test_a_time_is_read_as_people_write_it(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds
    assert parse_duration(written_duration(seconds)) == parse_duration(seconds) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 m", "m", "-3s", "1m2h", "5x", True, None, -1, [3]])
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a time such as"):
        parse_duration(text)
