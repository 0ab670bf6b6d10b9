"""What a node promises of its value, and whether a value keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewbot.dag.annotation import text
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Invariant
from reviewbot.dag.running.error import OutputError, describe


@dataclass(frozen=True, slots=True)
class Partial:
    """What a callable gives to say that `value` is not all of it, and what is missing."""

    value: Any
    missing: str


def check(node: Node, value: Any) -> None:  # noqa: ANN401 - the node's own value
    """See that this is what the node promises.

    Raises:
        OutputError: it is of another type, or violates invariants; each of them is named.
    """
    if node.gives is not None and not isinstance(value, node.gives):
        raise OutputError(f"gave {type(value).__name__}, promised {text(node.output)}", value)
    if node.policy.invariants:
        broken = " and ".join(_broken(node.policy.invariants, value))
        if broken:
            raise OutputError(broken, value)


def _broken(invariants: tuple[Invariant, ...], value: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    for invariant in invariants:
        try:
            kept = invariant.holds(value)
        except Exception as error:  # noqa: BLE001 - the wall of a node
            yield f"invariant {invariant.name!r} raised {describe(error)}"
        else:
            if kept is not None and kept is not True:
                said = f": {kept}" if isinstance(kept, str) else ""
                yield f"invariant {invariant.name!r} is violated{said}"
