"""What the parts of expressions and templates are called, and what they give."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from jinja2 import nodes

Scope: TypeAlias = Mapping[str, Any]

LOOP: Scope = MappingProxyType(
    {
        **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length"), int),
        **dict.fromkeys(("first", "last"), bool),
    }
)
GIVES: Scope = MappingProxyType(
    {
        **dict.fromkeys(("count", "length", "int"), int),
        **dict.fromkeys(("join", "lower", "upper", "title", "trim", "capitalize", "string"), str),
        "float": float,
    }
)
READS = frozenset({"map", "sum", "sort", "unique", "min", "max", "join"})
SELECTS = frozenset({"selectattr", "rejectattr"})


class Loop:
    """Stands for the type of `loop`."""


FORMS: Mapping[type[nodes.Node], str] = MappingProxyType(
    {
        nodes.Call: "calling something",
        nodes.Pow: "raising to a power (**)",
        nodes.Assign: "{% set %}",
        nodes.AssignBlock: "{% set %}",
        nodes.For: "a recursive loop",
        nodes.Tuple: "a tuple",
        nodes.Dict: "a mapping",
        nodes.Filter: "{% filter %}",
        nodes.FilterBlock: "{% filter %}",
        nodes.Include: "{% include %}",
        nodes.Import: "{% import %}",
        nodes.FromImport: "{% import %}",
        nodes.Extends: "{% extends %}",
        nodes.Macro: "{% macro %}",
        nodes.CallBlock: "{% call %}",
    }
)
