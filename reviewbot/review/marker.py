"""The first line of everything we post: how a later run finds its own."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["review", "comment", "summary", "issue"]

CLOSED = "c105ed"
"""What the data of a comment's marker begins with when all that it was about is gone."""

_SHAPE = re.compile(
    r"<!-- reviewbot:v1 kind=(review|comment|summary|issue) key=([0-9a-f]{16})"
    r" head=([0-9a-f]{40}) run=(\d{1,19}) attempt=(\d{1,9})"
    r"(?: data=([0-9a-f,.]{0,4000}))? mac=([0-9a-f]{16}|-) -->"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a later run must know of an item.

    Attributes:
        kind: what the item is.
        key: 16 hex digits; equal keys are the same item (``key_of``; a comment's is the id of its
            finding, or stands for the cause of several).
        head: the commit that was analysed.
        run: number of the workflow run; 0 outside of one. A newer run is never overwritten.
        attempt: of that run, from 1.
        data: hex digits, commas and dots of our own; never text of the change.
    """

    kind: Kind
    key: str
    head: str
    run: int = 0
    attempt: int = 1
    data: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether it says that all that its comment was about is gone."""
        return self.data.partition(",")[0] == CLOSED

    def is_newer_than(self, other: "Marker") -> bool:
        """Whether another run's item must not be overwritten by ``other``'s run."""
        return (self.run, self.attempt) > (other.run, other.attempt)


def key_of(repository_id: int, number: int, kind: Kind | Literal["check"], head: str = "") -> str:
    """The key of an item there is one of: per pull request, or per head when one is given."""
    raw = f"{repository_id}/{number}/{kind}/{head}".encode()
    return hashlib.sha256(raw).hexdigest()[:16]


def marker_line(marker: Marker, secret: str = "") -> str:
    """The marker as an HTML comment on a line of its own.

    Args:
        marker: hex digits and numbers only.
        secret: signs it when there is one, so that nobody else can write it.
    """
    data = f" data={marker.data}" if marker.data else ""
    said = (
        f"<!-- reviewbot:v1 kind={marker.kind} key={marker.key} head={marker.head}"
        f" run={marker.run} attempt={marker.attempt}{data}"
    )
    return f"{said} mac={_mac(said, secret)} -->"


def parse_marker(body: str, secret: str = "") -> Marker | None:
    """The marker on the first line of a body, or None when there is none that we wrote.

    Who wrote the item is for the caller to check: a marker alone proves nothing.
    """
    first = body.partition("\n")[0].removesuffix("\r")
    found = _SHAPE.fullmatch(first)
    if found is None:
        return None
    said = first.rpartition(" mac=")[0]
    if not hmac.compare_digest(found[7], _mac(said, secret)):
        return None
    return Marker(
        kind=cast(Kind, found[1]),
        key=found[2],
        head=found[3],
        run=int(found[4]),
        attempt=int(found[5]),
        data=found[6] or "",
    )


def _mac(said: str, secret: str) -> str:
    if not secret:
        return "-"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:16]
