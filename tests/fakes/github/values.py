"""A request, a reply, and a refusal, as values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in.

    Attributes:
        verb: upper case.
        path: still percent-encoded, without the prefix of the API.
        headers: names in lower case.
    """

    verb: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def accept(self) -> str:
        return self.headers.get("accept", "*/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes out; ``body`` is JSON, or bytes when ``media`` is something else."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON

    def with_headers(self, headers: Mapping[str, str]) -> "Reply":
        """Add headers; those that are there already win."""
        return replace(self, headers={**headers, **self.headers})

    def encoded(self) -> bytes:
        """The body as it goes over the wire."""
        if isinstance(self.body, bytes):
            return self.body
        if self.body is None:
            return b""
        return json.dumps(self.body, separators=(",", ":")).encode()


class Refusal(Exception):
    """GitHub says no; nothing was changed.

    Attributes:
        errors: what stands under ``errors``: texts or objects, by the operation.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: list[Any] | None = None,
        documentation: str = "https://docs.github.com/rest",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, errors)
        body: Json = {"message": message}
        if errors is not None:
            body["errors"] = errors
        body |= {"documentation_url": documentation, "status": str(status)}
        self.reply = Reply(status=status, body=body, headers=headers or {})


def not_found() -> Refusal:
    return Refusal(404, "Not Found")
