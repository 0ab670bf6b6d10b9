"""An expression knows its types before it runs: what cannot be is refused when it is loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, NewType, TypedDict, TypeVar

import pytest
from pydantic import BaseModel

from reviewbot.dag.condition import Condition
from reviewbot.dag.declare.expression import condition, expression, template
from reviewbot.dag.edge import Edge
from reviewbot.dag.error import GraphError
from reviewbot.dag.items import Items
from reviewbot.dag.run import Outcome, Status
from tests.dag.declare.world import Analysis, Change, Colour, Level

T = TypeVar("T")


class Row(TypedDict):
    """A mapping with known keys."""

    path: str
    line: int


@dataclass
class Box(Generic[T]):
    """A generic with an annotation."""

    inside: T

    @property
    def all(self) -> list[T]:
        raise NotImplementedError


class Open:
    """Anything may be asked of it."""

    def __getattr__(self, name: str) -> int:
        return len(name)


class Loose:
    """What it has nobody told."""

    known: int

    def __init__(self) -> None:
        self.hidden = 3


class Pair(NamedTuple):
    """A tuple with names."""

    left: str
    right: int


class Model(BaseModel):
    """A model of pydantic."""

    size: int = 3


class Later:
    """An annotation that nobody can read."""

    left: "Unknown"  # type: ignore[name-defined] # noqa: F821 - that is the case
    __slots__ = ("left",)


Number = NewType("Number", int)

SCOPE: dict[str, Any] = {
    "lint": Analysis,
    "maybe": Analysis | None,
    "either": Analysis | Change,
    "change": Change,
    "tests": Outcome[Analysis],
    "triage": Items[Analysis],
    "all": tuple[Analysis, ...],
    "by_name": Mapping[str, Analysis],
    "row": Row,
    "box": Box[Analysis],
    "open": Open,
    "loose": Loose,
    "pair": Pair,
    "model": Model,
    "later": Later,
    "raw": Any,
    "thing": object,
    "n": int,
    "number": Number,
    "ratio": float,
    "path": Path,
    "flag": bool,
    "size": Literal["small", "big"],
}

GIVES = {
    "lint.count > 0 and change.added_lines > 20": bool,
    "lint.count + 1": int,
    "lint.count / 2": float,
    "ratio * n": float,
    "number // 2": int,
    "lint.names": tuple[str, ...],
    "lint.names[0]": str,
    "lint.names[1:]": tuple[str, ...],
    "lint.notes.style": int,
    "lint.notes['style']": int,
    "lint.is_empty": bool,
    "lint.level": Level,
    "lint.colour.name": str,
    "lint.colour.value": int,
    "maybe.count": int,
    "tests.status": Status,
    "tests.value.count": int,
    "tests.ok": bool,
    "triage.values": tuple[Analysis, ...],
    "triage.by_key.one.count": int,
    "triage|length": int,
    "all[0].count": int,
    "by_name.x.count": int,
    "row.path": str,
    "row['line']": int,
    "box.inside.count": int,
    "box.all[0].level": Level,
    "open.whatever": Any,
    "raw.whatever.else_": Any,
    "loose.hidden": Any,
    "loose.known": int,
    "pair.right": int,
    "model.size": int,
    "later.left": Any,
    "path.parent.name": Any,
    "all|sum(attribute='count')": Any,
    "thing.whatever": Any,
    "lint.names|join(', ')|upper": str,
    "all|map(attribute='count')|sum": Any,
    "'a' ~ n": str,
    "'a' + size": str,
    "size": Literal["small", "big"],
    "not lint": bool,
    "maybe is none": bool,
    "-n": int,
    "lint.level == 'blocked'": bool,
    "lint.size in ['small', 'big']": bool,
    "maybe == none": bool,
    "n == 1.5": bool,
    "flag == 1": bool,
}

REFUSED = {
    "lint.cuont": "Analysis has no 'cuont'; did you mean 'count'?",
    "maybe.cuont": "Analysis has no 'cuont'; did you mean 'count'?",
    "either.titel": "Analysis has no 'titel'",
    "lint.secret": "'secret' of Analysis is called, not read; only values can be read",
    "lint.notes.style.x": "int has no 'x'",
    "lint.level.nmae": "Level has no 'nmae'; did you mean 'name'?",
    "lint.colour == 'RED'": "Colour never equals 'RED'; compare its .name or its .value",
    "lint.level == 'blockd'": "Level never equals 'blockd'; did you mean 'blocked'?",
    "'fin' != lint.level": "Level never equals 'fin'; did you mean 'fine'?",
    "lint.level in ['fine', 'blokced']": "Level never equals 'blokced'; did you mean 'blocked'?",
    "lint.size == 'bigg'": "Literal['small', 'big'] never equals 'bigg'; did you mean 'big'?",
    "lint.count == 'three'": "int never equals 'three'",
    "lint.count > 'three'": "int cannot be ordered against 'three'",
    "lint.names > 3": "tuple[str, ...] cannot be ordered against 3",
    "lint.count + 'a'": "only numbers are calculated with, not str",
    "lint + 1": "only numbers are calculated with, not Analysis",
    "'a' ~ lint": "a template prints text and numbers, not Analysis",
    "pair.lft": "Pair has no 'lft'; did you mean 'left'?",
    "model.sise": "Model has no 'sise'; did you mean 'size'?",
    "later.lft": "Later has no 'lft'; did you mean 'left'?",
    "path.nme": "Path has no 'nme'; did you mean 'name'?",
    "raw._private": "'_private' is private",
    "row.pth": "Row has no 'pth'; did you mean 'path'?",
    "row['pth']": "Row has no 'pth'; did you mean 'path'?",
    "box.insid": "Box[Analysis] has no 'insid'; did you mean 'inside'?",
    "box.inside.cuont": "Analysis has no 'cuont'; did you mean 'count'?",
    "tests.vlaue": "Outcome[Analysis] has no 'vlaue'; did you mean 'value'?",
    "tests.value.cuont": "Analysis has no 'cuont'; did you mean 'count'?",
    "triage.valus": "Items[Analysis] has no 'valus'; did you mean 'values'?",
    "triage.values[0].cuont": "Analysis has no 'cuont'; did you mean 'count'?",
    "all|map(attribute='cuont')|sum": "Analysis has no 'cuont'; did you mean 'count'?",
    "all|selectattr('cuont')|first": "Analysis has no 'cuont'; did you mean 'count'?",
    "all|sort(attribute='level.nme')|first": "Level has no 'nme'; did you mean 'name'?",
    "all|lenght": "unknown filter 'lenght'; did you mean 'length'?",
    "n is oddd": "unknown test 'oddd'; did you mean 'odd'?",
    "lnt.count": "unknown name 'lnt'; did you mean 'lint'?",
    "n if flag": "an `if` in an expression needs an `else`",
    "n n": "not understood: something follows the expression",
    "n >": "not understood: unexpected 'end of template'",
    "n.real()": "calling something is not allowed here",
    "{'a': 1}": "a mapping is not allowed here",
    "all|map('uper')|first": "unknown filter 'uper'; did you mean 'upper'?",
    "all|selectattr('count', 'gtt', 5)|first": "unknown test 'gtt'; did you mean 'gt'?",
    "all|map(raw)|first": "write out which filter is applied by 'map'",
    "n|round(*raw)": "write out what the filter 'round' is given",
}


@pytest.mark.parametrize("text", GIVES)
def test_the_type_of_an_expression_follows_from_the_types_of_its_names(text: str) -> None:
    assert expression(text, SCOPE).gives == GIVES[text]


@pytest.mark.feature("E27")
@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_is_refused_before_anything_runs(text: str) -> None:
    with pytest.raises(GraphError) as caught:
        expression(text, SCOPE)
    assert re.sub(r"[a-z_]+\.(?=\w+\.|[A-Z])", "", caught.value.problems[0]) == REFUSED[text]


VALUES: dict[str, Any] = {
    "lint": Analysis(count=3, names=("a", "b"), notes={"items": 5}),
    "change": Change(title="hi"),
    "all": (Analysis(count=1), Analysis(count=0, level=Level.BLOCKED)),
    "maybe": None,
    "n": 7,
    "raw": [0.1] * 10,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lint.count > 0 and change.added_lines > 20", True),
        ("lint.names|join(' & ')", "a & b"),
        ("all|map(attribute='count')|sum", 1),
        ("raw|sum", 1.0),
        ("all|selectattr('count')|length", 1),
        ("all|rejectattr('count')|map(attribute='level')|first == 'blocked'", True),
        ("all|selectattr('count', 'gt', 5)", ()),  # no generator, which would be true
        ("lint.names|unique|sort|last", "b"),
        ("lint.notes.items", 5),  # a key, not the method of dict
        ("lint.level", Level.FINE),
        ("lint.colour", Colour.RED),
        ("n % 2 == 1 and n is odd", True),
        ("'many' if n > 5 else 'few'", "many"),
        ("maybe is none or maybe.count > 2", True),
        ("lint.notes.style|default(9)", 9),
        ("change.title|upper ~ n ~ '!'", "HI7!"),
        ("(n + 0.6)|int + '3'|int + 1.26|round(1)|float", 11.3),
        ("-n|abs * 2", 14),
        ("'  x '|trim|capitalize|string|title|lower", "x"),
        ("[3, 1, 2]|max + [3, 1]|min + [3, 1]|count", 6),
        ("'a' in lint.names and n not in [1, 2]", True),
    ],
)
def test_an_expression_calculates(text: str, value: object) -> None:
    made = expression(text, SCOPE)
    assert made(**{name: VALUES[name] for name in made.names}) == value


def test_a_condition_needs_what_its_expression_names() -> None:
    made = condition("lint.count > 0 and change.title", SCOPE)
    test = expression("lint.count > 0 and change.title", {"lint": Any, "change": Any})
    edges = (Edge(parameter="lint", node="lint"), Edge(parameter="change", node="change"))
    assert made == Condition(text="lint.count > 0 and change.title", test=test, edges=edges)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n{{ lint.cuont }}\n", "Analysis has no 'cuont'; did you mean 'count'? (line 2"),
        ("{% if n %}\n\n{{ lnt }}{% endif %}", "unknown name 'lnt'; did you mean 'lint'? (line 3"),
        ("one\n{% if n %}", "not understood: Unexpected end of template."),
        ("{{ n }}\n\n{% set n = 1 %}", "{% set %} is not allowed here (line 3 of it)"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_long_template_is_told_by_its_line(text: str, said: str) -> None:
    with pytest.raises(GraphError) as caught:
        template(text, SCOPE)
    assert caught.value.problems[0].startswith(said)
    assert caught.value.problems[0].endswith(" of it)")


def test_a_template_writes_text_and_numbers() -> None:
    made = template(
        "{{ change.title }}:{% for one in all if one.count %} {{ loop.index }}={{ one.count }}"
        "{% else %} none{% endfor %}{% if n > 9 %} much{% elif n > 5 %} some{% endif %}"
        "{# nothing #} {{ maybe.count if maybe else '-' }} {{ n / 2 }}",
        SCOPE,
    )
    assert made(**{name: VALUES[name] for name in made.names}) == "hi: 1=1 some - 3.5"
    assert made.names == ("change", "all", "n", "maybe")
