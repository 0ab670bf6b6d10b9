"""Where findings come from. ``ANALYZERS`` is the table: (analysis, tool) → how to make it."""

from collections.abc import Callable, Mapping
from typing import Final

from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.mypy import Mypy
from reviewbot.analyzers.ruff import Ruff
from reviewbot.process import Programs
from reviewbot.review.analysis import Analyzer

Factory = Callable[[Programs], Analyzer]

ANALYZERS: Final[Mapping[tuple[str, str], Factory]] = {
    ("lint", "ruff"): lambda programs: Ruff(programs=programs),
    ("types", "mypy"): lambda programs: Mypy(programs=programs),
    ("security", "bandit"): lambda programs: Bandit(programs=programs),
}
