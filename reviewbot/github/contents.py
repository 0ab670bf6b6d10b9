"""One file of a commit, without a checkout: the settings that are in force come from the base."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import quote

from reviewbot.errors import ForgeGarbled
from reviewbot.github.call import get
from reviewbot.github.failure import failure_of
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.pull import repository_path
from reviewbot.github.reading import Reader


async def read_file(reader: Reader, repository: str, path: str, commit: str) -> bytes | None:
    """The bytes of a regular file, or None when the commit has none at that path.

    Args:
        reader: asks GitHub.
        repository: ``owner/name``.
        path: from the root of the repository, of at most 1 MB (GitHub shows no more).
        commit: 40 hex digits; a branch would move.

    Raises:
        ForgeGarbled: the answer is no file, or not all of one.
        ForgeError: GitHub is away or limits us.
        ForgeRefused: the token may not read contents.
    """
    call = get(f"{repository_path(repository)}/contents/{quote(path)}", ref=commit)
    meaning = await reader.ask(call)
    if meaning.kind is AnswerKind.NOT_FOUND:
        # said of what is not there and of what this token may not see: the commit tells them apart
        await reader.read(get(f"{repository_path(repository)}/commits/{commit}"))
        return None
    if not meaning.ok:
        raise failure_of(call, meaning)
    found = meaning.value if isinstance(meaning.value, Mapping) else {}
    if found.get("type") != "file":
        return None
    content, size = _decoded(found.get("content")), found.get("size")
    if content is None or found.get("encoding") != "base64" or len(content) != size:
        raise ForgeGarbled(f"{path} at {commit[:12]} came incomplete")
    return content


def _decoded(content: object) -> bytes | None:
    """Base64 with line ends in it, or None."""
    if not isinstance(content, str):
        return None
    try:
        return b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
