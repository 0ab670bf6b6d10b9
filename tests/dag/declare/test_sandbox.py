"""Expressions and templates of strangers: nothing is called, reached, or flooded."""

import time
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.exceptions import TemplateError

from reviewbot.dag.declare import allowed
from reviewbot.dag.declare.expression import Expression, Text, expression, template
from reviewbot.dag.declare.sandbox import SANDBOX
from reviewbot.dag.declare.work import WORK, Work
from reviewbot.dag.error import GraphError


class Secret:
    """Something with more to it than values."""

    public = "value"
    _private = "secret"
    module = time

    def method(self) -> str:
        raise AssertionError("it was called")


VALUES: dict[str, Any] = {
    "x": Secret(),
    "xs": (Secret(), Secret()),
    "text": "a" * 1000,
    "n": 7,
    "data": {"key": "value", "sub": {"function": len}},
    "name": "__class__",
    "many": tuple(range(200)),
    "gen": SimpleNamespace(frames=(i for i in "ab"), code=compile("1", "", "eval")),
    "huge": "b" * 200_000,
    "lines": tuple(["c" * 100] * 5_000),
}
SCOPE = dict.fromkeys(VALUES, Any)

ESCAPES = (
    "''.__class__.__mro__[1].__subclasses__()",
    "x.__class__",
    "x._private",
    "x['__class__']",
    "x['_private']",
    "x[name]",
    "x|attr('__class__')",
    "x|attr('method')()",
    "x.method",
    "x.method()",
    "x.module",
    "x.module.sleep",
    "(x.method)",
    "data.sub.function",
    "data['sub']['function']('a')",
    "data.keys()",
    "data.__len__",
    "text.upper()",
    "text.upper",
    "text.format",
    "'{0.__class__}'.format(x)",
    "'{a.__class__}'.format_map(data)",
    "'%s' % x",
    "text % 3",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "cycler.__init__.__globals__.os.popen('id')",
    "lipsum.__globals__",
    "namespace(a=1)",
    "joiner(',')",
    "dict(a=1)",
    "config",
    "request.application",
    "xs|map(attribute='__class__')|first",
    "xs|map(attribute=name)|first",
    "xs|map('attr', '__class__')|first",
    "xs|map(attribute='public.__class__')|first",
    "xs|groupby('__class__')",
    "xs|sort(attribute='_private')|first",
    "xs|selectattr('_private')|first",
    "xs|selectattr(name)|first",
    "xs|rejectattr('method')|first",
    "xs|min(attribute='_private')",
    "xs|unique(attribute='_private')|first",
    "xs|sum(attribute='_private')",
    "xs|join(attribute='_private')",
    "xs|join(',')",
    "[x, x]",
    "{'a': x}",
    "[x].append",
    "(x, x)",
    "gen.frames.gi_frame",
    "gen.frames.gi_code",
    "gen.code.co_consts",
    "x is callable",
    "x is filter('attr')",
    "x|pprint",
    "x|tojson",
    "x|xmlattr",
    "x|safe",
    "n if n",
    "missing",
    "_work",
    "_work.done",
    "n|_sized",
    "xs|map('_each', 1)|first",
)

FLOODS = (
    "10 ** 9 ** 9",
    "'a' * 10 ** 9",
    "'a' * 1000000000",
    "text * n",
    "n * text",
    "many * n",
    "range(1000000000)",
    "'%1000000000d' % n",
    "n|round(1000000000) ~ text|center(1000000000)",
    "huge|map('join', huge)|first",
    "lines|map('join', lines|join)|first",
    "lines|map('upper')|map('lower')|map('upper')|map('lower')|map('upper')|sort|length",
    "huge|list",
    "many|select('in', huge)|first",
    "huge|select('in', huge)|first",
    "text|indent(1000000000)",
    "text|replace('a', text)",
    "many|batch(1000000000)|first",
    "many|slice(1000000000)|first",
    "many|join(huge)",
    "huge ~ huge",
    "huge + huge",
    "(huge ~ 'b')|length + (huge ~ huge ~ huge)|length",
    " * ".join(["99999999999999999999"] * 60),
    " * ".join(["(n + 99999999999999999999)"] * 60),
    "(" * 5000 + "n" + ")" * 5000,
    "not " * 5000 + "n",
    "-" * 5000 + "1",
    "n" + "[0]" * 3000,
    "n" + ".a" * 4000,
    "n" + "|abs" * 2400,
    "9" * 9000,
    "n + " * 3000 + "n",
    "n if n else " * 800 + "n",
    "a" * 11_000,
)

TEMPLATES = (
    "{% set a = x %}",
    "{% set a = text ~ text %}{{ a }}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'base' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = x %}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% for a in xs recursive %}{{ loop(xs) }}{% endfor %}",
    "{% for a in xs %}{{ loop._iterator }}{% endfor %}",
    "{% for a in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for a in xs %}{{ loop.changed(a) }}{% endfor %}",
    "{% for a in xs %}{{ loop }}{% endfor %}",
    "{% for a in xs %}{{ a }}{% endfor %}",
    "{% for a in xs %}{{ a.method }}{% endfor %}",
    "{% for _work in many %}{% endfor %}",
    "{% for a, b in data %}{{ c }}{% endfor %}",
    "{{ x }}",
    "{{ data }}",
    "{{ x.method }}",
    "{% print(x.method()) %}",
    "{% if x.__class__ %}{% endif %}",
    "{% do x.method() %}",
    "{% debug %}",
    "{{ '{{' }",
    "{% for a in many %}" * 5 + "{% endfor %}" * 5,
    "{% for a in many %}{{ huge }}{% endfor %}",
    "{% for a in many %}{{ text ~ text ~ text }}{% endfor %}" * 20,
    "{% for a in many if a > 3 %}{% for b in huge %}{% endfor %}{% endfor %}",
    "{% for a in huge %}{% if huge|sort|first == a %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if huge|upper == huge|lower %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if 'ab' in huge %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if a == 'c' and huge == huge[1:] %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if a in many %}{% endif %}{% if huge[1:] %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if huge + a %}{% endif %}{% endfor %}",
    "{% for a in huge %}{% if huge[1:] %}{% endif %}{% endfor %}",
    "{% for a in huge %}" + "{% if a %}{% endif %}" * 400 + "{% endfor %}",
    "{% for a in huge %}{{ (text ~ text)|length * 0 }}{% endfor %}",
    "{% for a in huge %}{{ (text + text)|length * 0 }}{% endfor %}",
    "{% if n %}" * 500 + "{% endif %}" * 500,
)


def used(made: Expression | Text) -> Any:
    return made(**{name: VALUES[name] for name in made.names})


def refused(make: Any, text: str) -> None:
    begun = time.process_time()
    with pytest.raises(
        (GraphError, TemplateError, TypeError, OverflowError, LookupError)
    ) as caught:
        used(make(text, SCOPE))
    assert "it was called" not in str(caught.value)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("text", ESCAPES)
def test_no_expression_reaches_more_than_values(text: str) -> None:
    refused(expression, text)
    refused(template, f"{{{{ {text} }}}}")


def test_texts_are_bounded_before_they_are_made() -> None:
    parts = ("a" * 1_000 for _ in range(1_000_000))  # a gigabyte, if anybody took it all
    with pytest.raises(OverflowError):
        allowed.join(SANDBOX, parts, "-")
    assert len(list(parts)) > 999_000


def test_what_is_made_counts_as_work_too() -> None:
    work = Work()
    made = SANDBOX.expression(
        SANDBOX.parse_expression("(text + text)|upper|length and 'x' in text")
    )
    for _ in made.root_render_func(made.new_context({"text": "a" * 100, WORK: work})):
        pass
    assert work.done == 200 + (1 + 200 + 200) + (1 + 200) + 100


@pytest.mark.parametrize(("make", "text"), [(expression, "n"), (template, "{{ n }}")])
def test_no_text_is_longer_than_a_page(make: Any, text: str) -> None:
    assert str(used(make(text + " " * 9_000, SCOPE))).strip() == "7"
    with pytest.raises(GraphError, match="longer than 10,000 characters"):
        make(text + " " * 11_000, SCOPE)


def test_no_number_is_rounded_to_a_million_places() -> None:
    assert used(expression("n|round(-1000000000)", SCOPE)) == 0
    assert used(expression("n|round(1000000000)", SCOPE)) == 7


@pytest.mark.parametrize("text", FLOODS, ids=lambda text: text[:30])
def test_no_expression_takes_more_than_its_share(text: str) -> None:
    refused(expression, text)


@pytest.mark.parametrize("text", TEMPLATES, ids=lambda text: text[:40])
def test_no_template_does_more_than_write_values(text: str) -> None:
    refused(template, text)


def test_what_values_hold_is_never_a_template() -> None:
    hostile = "{{ 7 * 7 }}{% for a in b %}{{ x.__class__ }}{# #}"
    made = template(
        "<{{ text }}|{{ data.key }}|{{ text|upper }}>", {"text": str, "data": dict[str, str]}
    )
    upper = hostile.upper()
    assert made(text=hostile, data={"key": hostile}) == f"<{hostile}|{hostile}|{upper}>"
    again = template("{{ first }}", {"first": str})
    assert again(first=made(text=hostile, data={"key": ""})) == f"<{hostile}||{upper}>"


TOKENS = (
    *("x", "xs", "n", "text", "many", "data", "name", "loop", "'a'", "1", "9" * 30, "none", "true"),
    *(
        ".public",
        "._private",
        ".method",
        "['key']",
        "[0]",
        "[1:]",
        "()",
        "(n)",
        "|length",
        "|upper",
    ),
    *(
        "|first",
        "|map(attribute='public')",
        "|join",
        "|sum",
        "|sort",
        "|default(1)",
        "|abs",
        "|int",
    ),
    *(" + ", " * ", " ~ ", " ** ", " // ", " % ", " - ", " and ", " or ", " not ", " in ", " == "),
    *(
        " < ",
        " if ",
        " else ",
        " is ",
        "defined",
        "(",
        ")",
        "[",
        "]",
        ",",
        "{{",
        "}}",
        "\n",
        "\0",
        "é",
    ),
)
texts = st.lists(st.sampled_from(TOKENS), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_any_text_is_refused_when_it_is_loaded_or_gives_a_value_or_fails_cleanly(text: str) -> None:
    clean = (GraphError, TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
    for make, source in ((expression, text), (template, f"{{{{ {text} }}}}{text}")):
        with suppress(*clean):
            used(make(source, SCOPE))
