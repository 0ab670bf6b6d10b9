"""One request to GitHub as a value: what is asked, and what a good answer looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verb = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
Expected = Literal["object", "list", "item", "diff", "graphql", "place", "nothing"]

JSON = "application/vnd.github+json"
DIFF = "application/vnd.github.diff"
GRAPHQL = "/graphql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of GitHub.

    Attributes:
        path: ``/repos/o/r/pulls/7``, percent-encoded, or a whole URL that GitHub gave; of a URL
            only path and query are used, the host stays the configured one.
        params: added to the query.
        body: sent as JSON; None sends none.
        accept: the media type asked for.
        expects: what a good answer holds: a JSON object, a list of objects, an ``item`` (an
            object with an integer ``id``), a unified diff, GraphQL data, the ``place`` that a
            redirect names (which is then not followed), or ``nothing`` in particular.
    """

    verb: Verb
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    accept: str = JSON
    expects: Expected = "object"

    @property
    def writes(self) -> bool:
        """Whether it may change something at GitHub; a GraphQL query is sent by POST and reads."""
        if self.path != GRAPHQL:
            return self.verb != "GET"
        query = self.body.get("query", "") if isinstance(self.body, Mapping) else ""
        return not str(query).lstrip().startswith(("query", "{"))


def get(path: str, **params: str) -> Call:
    """Ask for one JSON object."""
    return Call(verb="GET", path=path, params=params)


def listing(path: str, **params: str) -> Call:
    """Ask for the first page of a list, a hundred at a time."""
    return Call(verb="GET", path=path, params={"per_page": "100", **params}, expects="list")


def post(path: str, body: object, *, expects: Expected = "item") -> Call:
    """Create something."""
    return Call(verb="POST", path=path, body=body, expects=expects)


def patch(path: str, body: object, *, expects: Expected = "item") -> Call:
    """Edit something."""
    return Call(verb="PATCH", path=path, body=body, expects=expects)


def put(path: str, body: object, *, expects: Expected = "item") -> Call:
    """Set something."""
    return Call(verb="PUT", path=path, body=body, expects=expects)


def delete(path: str) -> Call:
    """Remove something."""
    return Call(verb="DELETE", path=path, expects="nothing")


def graphql(query: str, **variables: str | int) -> Call:
    """Ask a question of, or change something through, the GraphQL API.

    Args:
        query: starts with ``query`` or ``mutation``; values go into ``variables``, never into it.
        variables: by their names in the query.
    """
    body = {"query": query, "variables": variables}
    return Call(verb="POST", path=GRAPHQL, body=body, expects="graphql")
