"""Many things: tuples, lists, sets and mappings."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from json import dumps
from typing import Any, TypeAlias

from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape, refused

Walk: TypeAlias = Callable[[Any], Any]

_PAIR = 2


def walked(walk: Walk, parts: Iterable[Any]) -> list[Any]:
    """Walk every part; one that is refused says at which position."""
    done: list[Any] = []
    try:
        for part in parts:
            done.append(walk(part))  # noqa: PERF401 - `done` says which part was refused
    except CodecError as error:
        raise error.inside(f"[{len(done)}]") from None
    return done


def listed(data: Json, promised: str) -> list[Json]:
    """The data, which has to be a list."""
    if isinstance(data, list):
        return data
    raise refused(data, promised)


def arrays(kind: type[Any], part: Shape) -> Shape:
    """Lists, or tuples of any length, of one shape."""
    name = f"{kind.__name__}[{part.name}]"

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if isinstance(value, kind):
            return walked(part.write, value)
        raise refused(value, name)

    return Shape(name, write, lambda data: kind(walked(part.read, listed(data, name))))


def sets(kind: type[Any], part: Shape) -> Shape:
    """Sets of one shape, written in an order that does not depend on the process."""
    name = f"{kind.__name__}[{part.name}]"

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if not isinstance(value, AbstractSet):
            raise refused(value, name)
        try:
            return sorted(map(part.write, value), key=dumps)
        except CodecError as error:
            raise error.inside("{}") from None

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        try:
            return kind(walked(part.read, listed(data, name)))
        except TypeError as error:
            raise CodecError(f"cannot be in a set: {error}") from None

    return Shape(name, write, read)


def pairs(key: Shape, part: Shape) -> Shape:
    """Mappings: an object where the keys are text, else a list of pairs; read as a dict."""
    name = f"Mapping[{key.name}, {part.name}]"
    is_text = key.name == "str"

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if not isinstance(value, Mapping):
            raise refused(value, name)
        found = [(key.write(each), _at(each, part.write, of)) for each, of in value.items()]
        return dict(found) if is_text else [list(pair) for pair in found]

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if is_text:
            return {each: _at(each, part.read, of) for each, of in _object(data, name).items()}
        found = [listed(pair, "a pair") for pair in listed(data, name)]
        if any(len(pair) != _PAIR for pair in found):
            raise CodecError("is no list of pairs")
        try:
            return {key.read(each): _at(each, part.read, of) for each, of in found}
        except TypeError as error:
            raise CodecError(f"cannot be a key: {error}") from None

    return Shape(name, write, read)


def _at(key: object, walk: Walk, value: Any) -> Any:  # noqa: ANN401 - any part
    try:
        return walk(value)
    except CodecError as error:
        raise error.inside(f"[{key!r:.60}]") from None


def _object(data: Json, promised: str) -> dict[str, Json]:
    if isinstance(data, dict):
        return data
    raise refused(data, promised)


def records(parts: tuple[Shape, ...], make: Callable[..., Any], kind: type) -> Shape:
    """A tuple with a shape for each position, or a named one; `make` builds it of its parts."""
    name = f"{kind.__name__}[{', '.join(part.name for part in parts)}]"

    def counted(values: Any) -> Any:  # noqa: ANN401 - a sequence
        if len(values) == len(parts):
            return enumerate(values)
        raise CodecError(f"has {len(values)} parts, {name} is promised")

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if isinstance(value, kind):
            return walked(lambda each: parts[each[0]].write(each[1]), counted(value))
        raise refused(value, name)

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        return make(*walked(lambda each: parts[each[0]].read(each[1]), counted(listed(data, name))))

    return Shape(name, write, read, rank=0 if make is kind else 1)


def fields(parts: Mapping[str, Shape], needed: frozenset[str], kind: str) -> Shape:
    """A dict with a shape for each of its keys, of which some are needed."""

    def walk(values: Any, way: str) -> dict[str, Any]:  # noqa: ANN401 - it is looked at
        found = _object(values, kind)
        wrong = [*(found.keys() - parts.keys()), *(needed - found.keys())]
        if wrong:
            raise CodecError(f"differs from {kind} in {sorted(map(str, wrong))}")
        return {each: _at(each, getattr(parts[each], way), of) for each, of in found.items()}

    return Shape(kind, lambda value: walk(value, "write"), lambda data: walk(data, "read"))
