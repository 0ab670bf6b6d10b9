"""What cannot be written, and what is not what was promised, is refused with its place."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import (
    Any,
    Literal,
)

import pytest

from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.codec.text import LARGEST, decoded, dumped, encoded, loaded
from tests.dag.journal.samples import (
    Circle,
    Connected,
    Finding,
    Level,
    Options,
    Shape,
    Socket,
    Square,
    Tree,
)


def deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(100_000):
        found = [found]
    return found


UNWRITABLE: tuple[tuple[Any, Callable[[Socket], Any], str], ...] = (
    (
        list[Connected],
        lambda one: [Connected("a"), Connected("b", one)],
        "list[1].socket is a socket",
    ),
    (Any, lambda one: [1, {"a": (one,)}], "list[1]['a'][0] is a socket, and no annotation says so"),
    (Any, lambda _: Tree("x"), "Tree is a Tree, and no annotation says so"),
    (Socket, lambda one: one, "socket is a socket"),
    (
        Callable[[], int],
        lambda _: len,
        "builtin_function_or_method is a builtin_function_or_method, Callable is promised",
    ),
    (int | str, lambda _: 1.5, "float is a float, int | str is promised"),
    (tuple[int, ...], lambda _: (1, "a"), "tuple[1] is a str, int is promised"),
    (tuple[int, int], lambda _: (1,), "tuple has 1 parts, tuple[int, int] is promised"),
    (Mapping[str, int], lambda _: {"a": "b"}, "dict['a'] is a str, int is promised"),
    (Finding, lambda _: Tree("x"), "Tree is a Tree, Finding is promised"),
    (Level, lambda _: "LOW", "str is a str, Level is promised"),
    (Any, lambda _: deep(), "list is nested too deeply or contains itself"),
)


@pytest.mark.parametrize(("annotation", "make", "said"), UNWRITABLE, ids=range(len(UNWRITABLE)))
def test_what_cannot_be_written_is_refused_with_its_place(
    annotation: Any, make: Callable[[Socket], Any], said: str
) -> None:
    with Socket() as one, pytest.raises(CodecError) as refused:
        encoded(make(one), shape_of(annotation))
    assert str(refused.value) == said


UNREADABLE: tuple[tuple[Any, str, str], ...] = (
    (int, '"1"', "is a str, int is promised"),
    (int, "1.0", "is a float, int is promised"),
    (bool, "1", "is a int, bool is promised"),
    (str, "null", "is a NoneType, str is promised"),
    (Path, "1", "is a int, the text of a Path is promised"),
    (bytes, '"%"', "is no bytes"),
    (datetime, '"yesterday"', "is no datetime"),
    (timedelta, '"1"', "is no timedelta"),
    (Level, '"MIDDLE"', "is 'MIDDLE', no member of Level"),
    (Literal["a"], "1", "is 1, the position"),
    (tuple[int, ...], "{}", "is a dict, tuple[int] is promised"),
    (tuple[int, ...], '[1, "a"]', "[1] is a str"),
    (tuple[int, int], "[1]", "has 1 parts"),
    (Mapping[str, int], "[]", "is a list, Mapping[str, int] is promised"),
    (Mapping[int, int], "[[1]]", "is no list of pairs"),
    (Mapping[Any, int], "[[[], 1]]", "cannot be a key"),
    (frozenset[Any], "[[]]", "cannot be in a set"),
    (Tree, '{"name": "bad"}', "is no Tree: a tree is not called bad"),
    (Tree, '{"children": []}', "differs from Tree in ['name']"),
    (Tree, '{"name": "x", "other": 1}', "differs from Tree in ['other']"),
    (Tree, '{"name": "x", "children": [{"name": 1}]}', ".children[0].name is a int"),
    (Shape, '{"radius": 1.0}', "is a None, which is no Shape"),
    (Shape, '{"$class": "os.system", "value": "true"}', "is a 'os.system', which is no Shape"),
    (Finding, '{"$class": "tests.Finding"}', "is a 'tests.Finding', which is no Finding"),
    (Circle | Square, '{"Triangle": {}}', "is tagged 'Triangle'"),
    (Circle | Square, "[]", "has no tag of Circle | Square"),
    (int | str, "1.5", "is a float, int | str is promised"),
    (Options, "{}", "differs from Options in ['name']"),
    (Any, '{"$function": "x"}', "has the unknown tag '$function'"),
    (Any, '{"$tuple": 1}', "is a int"),
)


@pytest.mark.parametrize(("annotation", "text", "said"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_not_what_was_promised_is_never_read(annotation: Any, text: str, said: str) -> None:
    with pytest.raises(CodecError) as refused:
        decoded(loaded(text), shape_of(annotation))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 5000, "nul"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        loaded(text)


def test_a_value_has_a_largest_size() -> None:
    with pytest.raises(CodecError, match=r"str takes 67,108,866 characters, at most 67,108,864"):
        dumped("x" * LARGEST, "str")
    with pytest.raises(CodecError, match=r"has 67,108,865 characters, at most 67,108,864 are"):
        loaded(" " * LARGEST + "1")
