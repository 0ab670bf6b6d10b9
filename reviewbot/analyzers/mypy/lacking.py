"""What the environment lacked before the change and lacks after: a note, nobody's finding."""

import re
from collections.abc import Collection, Iterable

from reviewbot.analyzers.mypy.answer import is_of_unknown_types
from reviewbot.review.finding import Finding

_RULES = frozenset({"import-not-found", "import-untyped"})
# mypy/messages: `... for module named "yaml.nodes"`, `Library stubs not installed for "yaml"`
_MODULE = re.compile(r'(?:named|for|Skipping analyzing) "(?P<name>[\w.]+)"')
_SHOWN = 5

Findings = tuple[Finding, ...]


def without_lacking(
    head: Findings, base: Findings, *, own: Collection[str]
) -> tuple[Findings, Findings, tuple[str, ...]]:
    """Both sides without what packages bring that the base could not find either.

    A new file that imports what no file of the base could import, and what follows from its unknown
    types, shows what the environment is, not what the change did. A module that the base found and
    the head does not is the change's.

    Args:
        head: findings on the head.
        base: findings on the base in the same environment.
        own: top-level names of the project's own modules, which no environment provides.

    Returns:
        Head, base, and a note that names the packages; no note when nothing was left out.
    """
    lacking = {name for each in base if (name := _package(each)) and name not in own}
    notes = (f"degraded: not installed: {_listed(lacking)}",) if lacking else ()
    return _kept(head, lacking), _kept(base, lacking), notes


def _kept(findings: Findings, lacking: set[str]) -> Findings:
    if not lacking:
        return findings
    return tuple(
        each for each in findings if _package(each) not in lacking and not is_of_unknown_types(each)
    )


def _package(finding: Finding) -> str:
    """The top-level name of the module that was not found, or an empty string."""
    found = _MODULE.search(finding.message) if finding.rule in _RULES else None
    return "" if found is None else found["name"].partition(".")[0]


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more
