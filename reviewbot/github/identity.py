"""Who we are: the account in whose name this token writes."""

from collections.abc import Mapping

from reviewbot.github.call import Call, get, graphql
from reviewbot.github.reading import Reader
from reviewbot.github.shape import id_in

_USER = get("/user")
_VIEWER = graphql("query { viewer { login databaseId } }")


async def read_own_id(reader: Reader, *, is_installation: bool) -> int | None:
    """The number of our own account, or None when GitHub does not say it.

    A token of Actions or of an App has no user: ``GET /user`` refuses it, GraphQL does not. Ids are
    compared and never logins, which change hands.

    Args:
        reader: asks GitHub.
        is_installation: the way that works for such tokens is tried first.
    """
    for call in (_VIEWER, _USER) if is_installation else (_USER, _VIEWER):
        found = await _read(reader, call)
        if found is not None:
            return found
    return None


async def _read(reader: Reader, call: Call) -> int | None:
    meaning = await reader.ask(call)
    if not meaning.ok or not isinstance(meaning.value, Mapping):
        return None
    if call is _USER:
        return id_in(meaning.value)
    data = meaning.value.get("data")
    return id_in(data.get("viewer"), "databaseId") if isinstance(data, Mapping) else None
