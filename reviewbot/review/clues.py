"""The names that a finding speaks of: in its message, then in its source."""

import builtins
import keyword
import re
from dataclasses import dataclass

_QUOTED = re.compile(r'"([^"]+)"|`([^`]+)`|\'([\w.]+)\'')
_CALLED = re.compile(r"\b(\w+)\(\)")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SUBJECT = re.compile(
    r"(?:\bto|\bfor|\battribute|\bname|\bnamed|\bof|\bsupertype|\bimport|\bmodule)"
    r"\s[\"`']([\w.]+)[\"`']",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\.\s*([^\W\d]\w*)")
_NAME = re.compile(r"(?<![.\w])([^\W\d]\w*)")
_STRING = re.compile(r"(?<!\w)(?:'[^'\n]*'|\"[^\"\n]*\")")
_ORDINARY = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Names, by where they stand.

    Attributes:
        names: single identifiers in the message's quotes.
        dotted: dotted names in the message's quotes.
        subjects: those of the names that the message is about (``to "f"``, ``of "C"``).
    """

    names: frozenset[str]
    dotted: frozenset[str]
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Identifiers that a piece of source uses.

    Attributes:
        names: plain ones.
        attributes: those after a dot.
    """

    names: frozenset[str]
    attributes: frozenset[str]


def clues(message: str) -> Clues:
    """The names in a message: between quotes of any kind, or called as ``name()``."""
    quoted = [next(filter(None, groups)) for groups in _QUOTED.findall(message)]
    dotted = {name for each in quoted for name in _DOTTED.findall(each)}
    single = {part for name in dotted for part in name.split(".")}
    subjects = {part for name in _SUBJECT.findall(message) for part in name.split(".")}
    return Clues(
        names=frozenset({*single, *_CALLED.findall(message)} - _ORDINARY),
        dotted=frozenset(dotted),
        subjects=frozenset(subjects - _ORDINARY),
    )


def used(source: str) -> Used:
    """The identifiers in a piece of source; strings on one line, keywords and builtins left out."""
    bare = _STRING.sub("''", source)
    return Used(
        names=frozenset(_NAME.findall(bare)) - _ORDINARY,
        attributes=frozenset(_ATTRIBUTE.findall(bare)) - _ORDINARY,
    )
