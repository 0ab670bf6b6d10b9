"""One of several: the data says which, unless its JSON type does."""

from typing import Any

from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape


def unions(parts: tuple[Shape, ...]) -> Shape:
    """The first part that takes a value writes it; None is null, and the rest is tagged.

    A tag is an object of one key, the name of the part: `{"Path": "a.py"}`. Numbers, text and truth
    need none. What may be None or one other thing needs none either.
    """
    nothing = next((part for part in parts if part.name == "NoneType"), None)
    others = sorted((part for part in parts if part is not nothing), key=lambda part: part.rank)
    name = " | ".join(part.name for part in parts)
    if nothing is not None and len(others) == 1:
        return _optional(others[0], name)
    if all(part.is_bare for part in others):
        return _untagged(tuple(parts), name)
    return _tagged(_named(others), name, may_be_none=nothing is not None)


def _named(parts: list[Shape]) -> dict[str, Shape]:
    """By name; two classes of one name get numbers."""
    found: dict[str, Shape] = {}
    for part in parts:
        found[part.name if part.name not in found else f"{part.name} {len(found)}"] = part
    return found


def _optional(part: Shape, name: str) -> Shape:
    return Shape(
        name,
        lambda value: None if value is None else part.write(value),
        lambda data: None if data is None else part.read(data),
        rank=part.rank,
    )


def _first(parts: tuple[Shape, ...], way: str, value: Any, name: str) -> tuple[Shape, Any]:  # noqa: ANN401 - any value
    nearest: CodecError | None = None
    for part in parts:
        try:
            return part, getattr(part, way)(value)
        except CodecError as error:
            if error.steps:  # it is the right thing with something wrong in it
                nearest = error
    raise nearest or CodecError(f"is a {type(value).__name__}, {name} is promised")


def _untagged(parts: tuple[Shape, ...], name: str) -> Shape:
    return Shape(
        name,
        lambda value: _first(parts, "write", value, name)[1],
        lambda data: _first(parts, "read", data, name)[1],
        rank=2,
        is_bare=True,
    )


def _tagged(parts: dict[str, Shape], name: str, *, may_be_none: bool) -> Shape:
    ordered = tuple(parts.values())
    tags = {id(part): tag for tag, part in parts.items()}

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if value is None and may_be_none:
            return None
        part, data = _first(ordered, "write", value, name)
        return {tags[id(part)]: data}

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if data is None and may_be_none:
            return None
        if not isinstance(data, dict) or len(data) != 1:
            raise CodecError(f"has no tag of {name}")
        ((tag, content),) = data.items()
        if tag not in parts:
            raise CodecError(f"is tagged {tag!r:.60}, {name} is promised")
        return parts[tag].read(content)

    return Shape(name, write, read)
