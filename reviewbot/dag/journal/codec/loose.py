"""Values without an annotation: plain things, each telling what it is."""

from collections.abc import Mapping
from typing import Any

from reviewbot.dag.journal.codec.many import arrays, pairs, sets
from reviewbot.dag.journal.codec.scalar import SCALARS
from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape

LOOSE = Shape("Any")
"""Plain values as they are, others as an object of one key, `{"$tuple": [...]}`.

An instance of a class cannot be written so: nobody could say which class it is to become.
"""

_PLAIN = (type(None), bool, int, float, str)
_LIST, _TABLE = arrays(list, LOOSE), pairs(SCALARS[str], LOOSE)
_TAGGED: dict[Any, Shape] = {
    tuple: arrays(tuple, LOOSE),
    frozenset: sets(frozenset, LOOSE),
    set: sets(set, LOOSE),
    Mapping: pairs(LOOSE, LOOSE),
    **{kind: part for kind, part in SCALARS.items() if kind not in _PLAIN},
}
_BY_TAG = {f"${kind.__name__}": part for kind, part in _TAGGED.items()}


def _write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return _LIST.write(value)
    if isinstance(value, Mapping) and all(map(_is_name, value)):
        return _TABLE.write(value)
    for base, part in _TAGGED.items():
        if isinstance(value, base):
            return {f"${base.__name__}": part.write(value)}
    raise CodecError(f"is a {kind.__name__}, and no annotation says so")


def _is_name(key: object) -> bool:
    return type(key) is str and not key.startswith("$")


def _read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
    if isinstance(data, list):
        return _LIST.read(data)
    if not isinstance(data, dict):
        return data
    tag = next(iter(data), "")
    if not tag.startswith("$"):
        return _TABLE.read(data)
    if tag not in _BY_TAG or len(data) != 1:
        raise CodecError(f"has the unknown tag {tag!r:.60}")
    return _BY_TAG[tag].read(data[tag])


LOOSE.write, LOOSE.read = _write, _read
