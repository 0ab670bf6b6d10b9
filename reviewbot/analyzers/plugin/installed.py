"""Which checks are installed beside reviewbot, by entry point; none is imported here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

GROUP = "reviewbot.analyzers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A check that a package offers.

    Attributes:
        name: by which settings use it.
        target: ``module:attribute``.
        package: who offers it, with its version.
    """

    name: str
    target: str
    package: str


def installed() -> Mapping[str, Installed]:
    """The checks of all packages in reviewbot's own environment, by name."""
    return {
        each.name: Installed(
            name=each.name,
            target=each.value,
            package=f"{each.dist.name} {each.dist.version}" if each.dist else "",
        )
        for each in entry_points(group=GROUP)
    }
