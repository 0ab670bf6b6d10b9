"""Which checks are installed beside reviewbot, by entry point; none is imported here."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

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


def own_folders() -> tuple[str, ...]:
    """Where the packages of reviewbot's own environment are.

    Not the working directory, which ``python -m`` puts first: it may be the checkout under review;
    unless that is where we ourselves are.
    """
    here, home = Path.cwd(), Path(__file__).resolve().parents[3]
    others = (each for each in sys.path if each and Path(each).resolve() not in {here, home})
    return (*others, str(home))


def installed() -> Mapping[str, Installed]:
    """The checks of all packages in reviewbot's own environment, by name."""
    return {
        point.name: Installed(
            name=point.name, target=point.value, package=f"{package.name} {package.version}"
        )
        for package in distributions(path=list(own_folders()))
        for point in package.entry_points.select(group=GROUP)
    }
