"""What only GraphQL can change."""

from collections.abc import Mapping

from reviewbot.github.call import GRAPHQL, Call


def mutation(query: str, given: Mapping[str, str]) -> Call:
    """A change through GraphQL.

    Args:
        query: starts with ``mutation`` and takes all its values from ``$input``.
        given: the value of ``$input``.
    """
    body = {"query": query, "variables": {"input": dict(given)}}
    return Call(verb="POST", path=GRAPHQL, body=body, expects="graphql")
