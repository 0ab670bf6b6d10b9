"""What mypy says of a package that is not installed; see ``analyzers/answers/lacking.py``."""

import re

from reviewbot.review.finding import Finding

_RULES = frozenset({"import-not-found", "import-untyped"})
# mypy/messages: `... for module named "yaml.nodes"`, `Library stubs not installed for "yaml"`
_MODULE = re.compile(r'(?:named|for|Skipping analyzing) "(?P<name>[\w.]+)"')


def missing_package(finding: Finding) -> str:
    """The top-level name of the module that was not found, or an empty string."""
    found = _MODULE.search(finding.message) if finding.rule in _RULES else None
    return "" if found is None else found["name"].partition(".")[0]
