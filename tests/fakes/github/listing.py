"""Lists come in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.fakes.github.values import Reply, Request

_MOST = 100
_USUAL = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Records to be listed, and how one of them looks.

    Attributes:
        under: the key of the list when it stands in an object beside ``total_count``.
    """

    records: Sequence[Any]
    shape: Callable[[Any], Any]
    under: str | None = None

    def page(self, request: Request, address: str) -> Reply:
        """The page that the request asks for.

        Args:
            request: ``per_page`` is 30 when not said and never more than 100.
            address: of the list, in the form with the repository's number that links have.
        """
        size = min(_number(request.query.get("per_page"), _USUAL), _MOST)
        page = _number(request.query.get("page"), 1)
        rows = [self.shape(each) for each in self.records[(page - 1) * size : page * size]]
        last = max(1, -(-len(self.records) // size))
        links = _links(page, last)
        headers = {}
        if links:
            rest = {k: v for k, v in request.query.items() if k != "page"}
            headers["link"] = ", ".join(
                f'<{address}?{urlencode({**rest, "page": number})}>; rel="{name}"'
                for name, number in links.items()
            )
        body: Any = rows
        if self.under is not None:
            body = {"total_count": len(self.records), self.under: rows}
        return Reply(body=body, headers=headers)


def _links(page: int, last: int) -> dict[str, int]:
    found: dict[str, int] = {}
    if page > 1:
        found["prev"] = min(page - 1, last)
    if page < last:
        found |= {"next": page + 1, "last": last}
    if page > 1:
        found["first"] = 1
    return found


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else otherwise
