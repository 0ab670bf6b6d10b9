"""A request and its answer held against GitHub's description.

The description knows the shape of messages and no rule beyond it; those stand in ``rules/``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.fakes.github.descriptions import description
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.keys import unknown_keys, unknown_parameters
from tests.fakes.github.values import Reply
from tests.fakes.github.waivers import cured

_HOST = "http://api.github.test"
_TEXTS = (
    "application/vnd.github.diff",
    "application/vnd.github.patch",
    "application/vnd.github.sha",
)


def request_complaints(exchange: Exchange, *, waive: bool = True) -> Iterator[str]:
    """What is wrong with a request, in words."""
    exchange = cured(exchange) if waive else exchange
    said = f"{exchange.operation}: request:"
    for error in _api(exchange.version).iter_request_errors(_Asked(exchange)):
        yield f"{said} {_words(error)}"
    for key in unknown_keys(exchange):
        yield f"{said} GitHub does not know the key {key}"
    for key in unknown_parameters(exchange):
        yield f"{said} GitHub does not know the parameter {key}"


def response_complaints(exchange: Exchange, *, waive: bool = True) -> Iterator[str]:
    """What is wrong with an answer, in words."""
    exchange = cured(exchange) if waive else exchange
    if exchange.check_response:
        api = _api(exchange.version)
        for error in api.iter_response_errors(_Asked(exchange), _Answered(exchange.reply)):
            yield f"{exchange.operation}: response {exchange.reply.status}: {_words(error)}"


@cache
def _api(version: str) -> OpenAPI:
    readers: dict[str, Any] = dict.fromkeys(_TEXTS, bytes.decode)
    readers["application/vnd.github.object"] = json.loads
    said = description(version) | {"servers": [{"url": _HOST}]}
    config = Config(extra_media_type_deserializers=readers, spec_validator_cls=None)
    return OpenAPI.from_dict(said, config=config)


class _Asked:
    """The request as the validator wants it; it writes the names in the path into it."""

    def __init__(self, exchange: Exchange) -> None:
        asked = exchange.request
        # Slashes inside a name are legal on GitHub, and OpenAPI has no way to say so.
        names = {k: quote(unquote(v), safe="") for k, v in exchange.names.items()}
        said = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.host_url = _HOST
        self.path = exchange.template.format(**names)
        self.method = asked.verb.lower()
        self.body = asked.body or None
        self.content_type = said or "application/json"
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(asked.query), header=Headers(dict(asked.headers))
        )


@dataclass(frozen=True)
class _Answered:
    """The answer as the validator wants it."""

    reply: Reply

    @property
    def status_code(self) -> int:
        return self.reply.status

    @property
    def content_type(self) -> str:
        return self.reply.media.partition(";")[0].strip().lower()

    @property
    def headers(self) -> Headers:
        return Headers(dict(self.reply.headers))

    @property
    def data(self) -> bytes | None:
        return self.reply.encoded() or None


def _words(error: BaseException) -> str:
    """What is wrong and where, without the value it is wrong in."""
    deeper = list(getattr(error, "schema_errors", ()))
    if deeper:
        return "; ".join(
            f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in deeper
        )
    return str(error) if error.__cause__ is None else _words(error.__cause__)
