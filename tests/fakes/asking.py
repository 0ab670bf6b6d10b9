"""A client that hides nothing: it sends what is asked and gets what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, and the body as it came."""

    status: int
    headers: Mapping[str, str]
    text: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one server with one token, a new connection each time."""

    url: str
    token: str | None
    version: str | None = VERSION
    timeout: float = 5.0

    def ask(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; a body that is bytes goes out as it is."""
        sent = {"User-Agent": "a test", "Accept": "application/vnd.github+json"}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.version is not None:
            sent["X-GitHub-Api-Version"] = self.version
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        address = urlsplit(self.url)
        where = address.path + path + (f"?{urlencode(query)}" if query else "")
        connection = HTTPConnection(str(address.hostname), address.port, timeout=self.timeout)
        try:
            connection.request(verb, where, raw, sent | dict(headers or {}))
            reply = connection.getresponse()
            said = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(reply.status, said, reply.read())
        finally:
            connection.close()

    def get(
        self,
        path: str,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return self.ask("GET", path, query=query, headers=headers)

    def post(self, path: str, body: object) -> Answer:
        return self.ask("POST", path, body)

    def patch(self, path: str, body: object) -> Answer:
        return self.ask("PATCH", path, body)

    def put(self, path: str, body: object) -> Answer:
        return self.ask("PUT", path, body)
