"""What was asked, in order, with times."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.github.rules.limits import CREATES_CONTENT
from tests.fakes.github.values import Request


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request.

    Attributes:
        at: seconds on a clock that never goes back.
        nth: which request for this operation it is, from 1.
        operation: GitHub's id of it, or ``""`` for one that it has not.
        status: what was answered; None when the connection was cut before.
        fault: name of the fault that it met.
    """

    at: float
    nth: int
    request: Request
    operation: str
    status: int | None = None
    fault: str | None = None

    @property
    def is_write(self) -> bool:
        """Whether it is one; GraphQL is when it says mutation."""
        if self.operation == "graphql":
            return b"mutation" in self.request.body
        return self.request.verb != "GET"


@dataclass(slots=True)
class Log:
    """Every request since the last reset, git's not among them."""

    entries: list[Entry] = field(default_factory=list)
    _adding: threading.Lock = field(default_factory=threading.Lock)

    def add(self, request: Request, operation: str) -> Entry:
        """Write a request down."""
        with self._adding:
            nth = len(self.of(operation)) + 1
            entry = Entry(at=time.monotonic(), nth=nth, request=request, operation=operation)
            self.entries.append(entry)
        return entry

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def of(self, operation: str) -> list[Entry]:
        """The requests for one operation."""
        return [entry for entry in self.entries if entry.operation == operation]

    @property
    def operations(self) -> Counter[str]:
        """How often each operation was asked for."""
        return Counter(entry.operation for entry in self.entries)

    @property
    def writes(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_write]

    @property
    def content(self) -> list[Entry]:
        """Requests that make something people are notified of, refused ones too."""
        return [entry for entry in self.entries if entry.operation in CREATES_CONTENT]
