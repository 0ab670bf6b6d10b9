"""Findings with one cause are one statement to the reader."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from reviewbot.review.bindings import STAR
from reviewbot.review.classified import CONFIGURATION, Cause, Classified
from reviewbot.review.review import Group

_FAMILY = re.compile(r"[A-Z]+(?=\d)")
_SMALLEST = 2
_NAMED = 3


def grouped(findings: Iterable[Classified]) -> tuple[Classified, ...]:
    """The same findings, those of one tool with one cause under one group.

    One cause is one place of the change, and there one symbol or one family of rules. A group of
    one is none. The id holds no line number, so that it stays when lines shift.
    """
    every = tuple(findings)
    places: defaultdict[tuple[str, str, str, int], list[Classified]] = defaultdict(list)
    for each in every:
        if each.cause is not None and each.group is None:
            where = (each.finding.node, each.finding.tool, each.cause.path, each.cause.line or 0)
            places[where].append(each)
    names: dict[str, str] = {}
    issued: set[str] = set()
    for place in sorted(places):
        for found in _connected(places[place]):
            if len(found) >= _SMALLEST:
                name = _name(place, found, issued)
                names |= dict.fromkeys((each.id for each in found), name)
    return tuple(replace(each, group=names.get(each.id, each.group)) for each in every)


def family(rule: str) -> str:
    """The letters of a numbered rule (``F`` of ``F405``), else the rule."""
    found = _FAMILY.match(rule)
    return found[0] if found else rule


def _connected(found: Iterable[Classified]) -> list[list[Classified]]:
    """Findings of one place that share a symbol or a family of rules, perhaps through others."""
    parts: list[tuple[set[str], list[Classified]]] = []
    for each in found:
        marks, members = _marks(each), [each]
        apart = []
        for other in parts:
            if other[0] & marks:
                marks, members = marks | other[0], [*other[1], *members]
            else:
                apart.append(other)
        parts = [*apart, (marks, members)]
    return [members for _, members in parts]


def _marks(each: Classified) -> set[str]:
    symbol = each.cause.symbol if each.cause else ""
    return {f"family {family(each.finding.rule)}"} | ({f"symbol {symbol}"} if symbol else set())


def _name(place: tuple[str, str, str, int], found: Sequence[Classified], issued: set[str]) -> str:
    """An id from node, tool, path and what the group shares."""
    shared = set.intersection(*map(_marks, found)) or set.union(*map(_marks, found))
    text = "\0".join((*place[:3], max(shared)))
    while (name := sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]) in issued:
        text += "+"
    issued.add(name)
    return name


def groups(findings: Sequence[Classified]) -> tuple[Group, ...]:
    """The groups of introduced findings, in the order of their first one."""
    members: defaultdict[str, list[Classified]] = defaultdict(list)
    for each in findings:
        if each.group is not None:
            members[each.group].append(each)
    return tuple(_group(name, found) for name, found in members.items())


def _group(name: str, found: list[Classified]) -> Group:
    cause = found[0].cause or Cause(path=found[0].finding.path, line=None)
    files = len({each.finding.path for each in found})
    what = _changed(found) or cause.path
    if name == CONFIGURATION:
        text = f"configuration change: {_count(found)} in {_files(files)}"
    else:
        text = f"the change of {what} causes {_count(found)} in {_files(files)}"
    return Group(id=name, text=text, cause=cause, findings=tuple(each.id for each in found))


def _changed(found: Iterable[Classified]) -> str:
    """The names that changed, at most three of them."""
    symbols = dict.fromkeys(each.cause.symbol for each in found if each.cause)
    names = ["a star import" if each == STAR else each for each in symbols if each]
    return ", ".join(names[:_NAMED]) + (" and more" if len(names) > _NAMED else "")


def _count(found: list[Classified]) -> str:
    return f"{len(found)} finding" + "s" * (len(found) != 1)


def _files(number: int) -> str:
    return f"{number} file" + "s" * (number != 1)
