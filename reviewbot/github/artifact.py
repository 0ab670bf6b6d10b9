"""What a run left behind: one file in one archive, of bounded size, and nothing else.

A stranger's code may have made the archive. Nothing of it is written to the disk, and whoever reads
the content has to check it against a schema.
"""

import zipfile
import zlib
from io import BytesIO

from reviewbot.errors import ForgeGarbled
from reviewbot.github.call import Call
from reviewbot.github.download import download
from reviewbot.github.pull import repository_path
from reviewbot.github.reading import Reader, Record
from reviewbot.github.run import AnalyzedRun
from reviewbot.github.shape import id_in

MOST = 5 << 20
"""Bytes, packed and unpacked."""

_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
    LookupError,
    OverflowError,
)
"""What reading a hostile archive was seen to raise."""


async def read_artifact(
    reader: Reader, run: AnalyzedRun, *, name: str, member: str, api_url: str
) -> bytes | None:
    """The content of the one file of a run's artifact, or None when there is no such artifact.

    Args:
        reader: asks GitHub.
        run: whose artifact it is.
        name: of the artifact, exactly; of several the newest, which a re-run made.
        member: the name of the one file in it.
        api_url: the configured API, which names the place of the archive.

    Raises:
        ForgeGarbled: the list is incomplete, or the archive is not what it has to be.
        ForgeError: GitHub is away.
        ForgeRefused: the token needs ``actions: read``.
    """
    root = repository_path(run.repository)
    call = Call(
        verb="GET", path=f"{root}/actions/runs/{run.id}/artifacts", params={"per_page": "100"}
    )
    pages = await reader.read_all(call, under="artifacts")
    if not pages.complete:
        raise ForgeGarbled(f"the artifacts of run {run.id} cannot all be read: {pages.why}")
    number = _newest(pages.items, name)
    if number is None:
        return None
    zipped = Call(verb="GET", path=f"{root}/actions/artifacts/{number}/zip", expects="place")
    place = str((await reader.read(zipped)).value)
    packed = await download(place, api_url=api_url, most=MOST, deadline=reader.deadline)
    return unpacked(packed, member)


def unpacked(packed: bytes, member: str, *, most: int = MOST) -> bytes:
    """The content of an archive's only file.

    Args:
        packed: a zip archive.
        member: the exact name of the file.
        most: bytes, counted while they are unpacked: what the archive says of itself is no bound.

    Raises:
        ForgeGarbled: no archive, another or a second file, encrypted, broken, or larger.
    """
    try:
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            (only,) = archive.infolist()
            if only.filename != member or only.flag_bits & _ENCRYPTED:
                raise ForgeGarbled(f"the artifact holds something else than {member}")
            if only.compress_type not in _METHODS:
                raise ForgeGarbled("the artifact is packed in an unusual way")
            with archive.open(only) as file:
                content = file.read(most + 1)
    except _BROKEN as error:
        raise ForgeGarbled(f"the artifact cannot be unpacked: {type(error).__name__}") from error
    if len(content) > most:
        raise ForgeGarbled(f"the artifact unpacks to more than {most >> 20} MiB")
    return content


def _newest(records: tuple[Record, ...], name: str) -> int | None:
    found = (
        id_in(each) for each in records if each.get("name") == name and not each.get("expired")
    )
    return max(filter(None, found), default=None)
