"""Issues the ids of findings: no line number, no clash."""

from collections import Counter
from collections.abc import Mapping

from reviewbot.review.finding import Finding, fingerprint


class Identities:
    """Issues ids; equal findings of a file are told apart by their order, never by their line."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        """Start without any id.

        Args:
            renamed: head path → base path of the renamed files.
        """
        self._renamed = renamed
        self._issued: Counter[str] = Counter()

    def issue(self, finding: Finding) -> str:
        """The id of the next finding; see ``fingerprint`` for its rule."""
        path = self._renamed.get(finding.path, finding.path)
        first = fingerprint(finding, path=path, occurrence=0)
        occurrence = self._issued[first]
        self._issued[first] += 1
        return fingerprint(finding, path=path, occurrence=occurrence)
