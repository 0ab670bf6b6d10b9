"""Every setting with its value and who set it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from reviewbot.settings.model import Settings

DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key in force.

    Attributes:
        key: dotted.
        value: as one would write it in the file.
        origin: ``file:line``, ``--set …``, ``REVIEWBOT_SET …`` or ``default``.
    """

    key: str
    value: str
    origin: str


def explained(settings: Settings) -> tuple[Setting, ...]:
    """Every key, in the order of the model; what an analysis leaves open shows what it inherits."""
    plain = dict(_leaves(Settings(), ""))
    values = dict(_leaves(settings, ""))
    return tuple(
        _inherited(key, values, settings)
        if value is None
        else Setting(key=key, value=_written(value), origin=_origin(key, settings, plain, value))
        for key, value in values.items()
    )


def _leaves(value: object, above: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):  # own analyses stand beside ours
        for name, each in value.items():
            yield from _leaves(each, f"{above.removesuffix('.own')}.{name}")
        return
    if not is_dataclass(value):
        yield above, value
        return
    for each in fields(value):
        if each.name != "origins":
            key = f"{above}.{each.name}" if above else each.name
            yield from _leaves(getattr(value, each.name), key)


def _inherited(key: str, values: Mapping[str, object], settings: Settings) -> Setting:
    """What nobody set for one analysis: what holds for all, or our own choice."""
    general = f"defaults.{key.split('.', 2)[2]}"
    if general not in values:
        return Setting(key=key, value="auto", origin=DEFAULT)
    origin = settings.origins.get(general, DEFAULT)
    return Setting(key=key, value=_written(values[general]), origin=f"{general}, {origin}")


def _origin(key: str, settings: Settings, plain: Mapping[str, object], value: object) -> str:
    """Who set it, or the nearest key above it whose whole value somebody set."""
    if key not in settings.origins and plain.get(key) == value:
        return DEFAULT
    while key and key not in settings.origins:
        key = key.rpartition(".")[0]
    return settings.origins.get(key, DEFAULT)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
