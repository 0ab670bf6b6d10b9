"""A request, its answer, and which operation it was."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.github.values import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What is held against the description.

    Attributes:
        template: the path as the description has it.
        names: the names in the path, as they came.
        check_response: False when a waiver says so.
    """

    operation: str
    template: str
    names: Mapping[str, str]
    version: str
    request: Request
    reply: Reply
    check_response: bool = True
