"""One request on its way to its answer: who asks, of what, with which words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.fakes.github.shapes import Shapes
from tests.fakes.github.state import Issue, Pull, Repository, State, Token, User
from tests.fakes.github.values import Json, Refusal, Reply, Request, not_found


@dataclass(frozen=True, kw_only=True)
class Call:
    """What an operation works on; whatever is not there ends as GitHub's refusal.

    Attributes:
        operation: GitHub's id of it, such as ``pulls/create-review``.
        names: the parts of the path that are named in the description.
        blobs: address of the host where artifacts lie.
    """

    operation: str
    names: Mapping[str, str]
    request: Request
    state: State
    shapes: Shapes
    token: Token | None
    blobs: str

    @cached_property
    def repository(self) -> Repository:
        found = self.state.at(f"{self.names['owner']}/{self.names['repo']}")
        if found is None:
            raise not_found()
        return found

    @cached_property
    def issue(self) -> Issue:
        number = self.names.get("issue_number") or self.names["pull_number"]
        issue = self.repository.issues.get(_number(number))
        if issue is None or ("pull_number" in self.names and issue.pull is None):
            raise not_found()
        return issue

    @property
    def pull(self) -> Pull:
        pull = self.issue.pull
        if pull is None:
            raise not_found()
        return pull

    @property
    def user(self) -> User:
        if self.token is None:
            raise Refusal(401, "Requires authentication")
        return self.token.user

    @cached_property
    def body(self) -> Json:
        """The body as an object."""
        said = self.said
        if not isinstance(said, dict):
            raise Refusal(400, "Body should be a JSON object")
        return said

    @cached_property
    def said(self) -> Any:
        if not self.request.body:
            return {}
        try:
            said = json.loads(self.request.body)
            json.dumps(said, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None
        return said

    def check_body(self) -> None:
        """Refuse a body that the description refuses, with what GitHub says to it."""
        if self.request.body and self.body is not None:
            raise Refusal(422, "Invalid request.")

    def number(self, name: str) -> int:
        """A number in the path."""
        return _number(self.names[name])


Answer = Callable[[Call], Reply]


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 20:
        raise not_found()
    return int(text)
