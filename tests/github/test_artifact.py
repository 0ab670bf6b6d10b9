"""What a run of a stranger's code left behind, in all its forms."""

import io
import os
import random
import threading
import zipfile
from pathlib import Path

import anyio
import pytest

from reviewbot.errors import ForgeAway, ForgeError, ForgeGarbled
from reviewbot.github.artifact import MOST, read_artifact, unpacked
from reviewbot.github.run import read_run
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.github.doors import on_one_loop, reader

__all__ = ["on_one_loop"]

NAME, MEMBER = "demo/shapes", "reviewbot-report.json"
CONTENT = b'{"format": 1}'
GARBLED = ["reset", "short body", "200 html", "200 empty", "truncated json", "302", "404", "500"]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def patched(archive: bytes, old: bytes, new: bytes) -> bytes:
    assert old in archive
    return archive.replace(old, new)


GOOD = zipped((MEMBER, CONTENT))
HOSTILE = {
    "nothing": b"",
    "html": b"<html>",
    "no member": zipped(),
    "two members": zipped((MEMBER, CONTENT), ("x", b"")),
    "another name": zipped(("report.json", CONTENT)),
    "a path upwards": zipped((f"../{MEMBER}", CONTENT)),
    "a directory": zipped((f"{MEMBER}/", b"")),
    "a bomb": zipped((MEMBER, bytes(MOST + 1))),
    "bzip2": zipped((MEMBER, CONTENT), method=zipfile.ZIP_BZIP2),
    "lzma": zipped((MEMBER, CONTENT), method=zipfile.ZIP_LZMA),
    "cut short": GOOD[:-30],
    "half": GOOD[: len(GOOD) // 2],
    "other content": patched(zipped((MEMBER, CONTENT), method=0), b'"format"', b'"farmat"'),
    "encrypted": GOOD[:6]
    + b"\x01"
    + GOOD[7:].replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
}


async def read(hub: Hub, opened: Opened, content: bytes) -> bytes | None:
    run = opened.run_with(content)
    return await read_named(hub, run.id)


async def read_named(hub: Hub, number: int, *, seconds: float = 10) -> bytes | None:
    asker = reader(hub, seconds=seconds)
    run = await read_run(asker, NAME, number)
    return await read_artifact(asker, run, name="reviewbot", member=MEMBER, api_url=hub.api_url)


@pytest.fixture
def opened(hub: Hub) -> Opened:
    return open_pull_request(hub, {"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}, fork=True)


@pytest.mark.anyio
async def test_the_one_file_of_the_artifact_is_read_and_the_token_stays_here(
    hub: Hub, opened: Opened
) -> None:
    assert await read(hub, opened, GOOD) == CONTENT
    (entry,) = hub.log.of("artifact")
    assert "authorization" not in entry.request.headers


@pytest.mark.anyio
async def test_no_password_of_the_machine_goes_to_another_host(
    hub: Hub, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert await read(hub, opened, GOOD) == CONTENT
    (entry,) = hub.log.of("artifact")
    assert "authorization" not in entry.request.headers


@pytest.mark.anyio
async def test_no_artifact_is_none_and_of_several_the_newest_counts(
    hub: Hub, opened: Opened
) -> None:
    run = opened.finished_run({MEMBER: CONTENT}, artifact="coverage")
    assert await read_named(hub, run.id) is None
    first = opened.run_with(GOOD)
    newer = opened.run_with(zipped((MEMBER, b"{}")))
    for each in opened.repository.artifacts.values():
        each.run = first.id
    assert await read_named(hub, first.id) == b"{}"
    last = max(opened.repository.artifacts.values(), key=lambda each: each.id)
    last.expired = True
    assert newer.id != first.id
    assert await read_named(hub, first.id) == CONTENT


@pytest.mark.anyio
@pytest.mark.parametrize("fault", GARBLED)
async def test_another_host_that_fails_is_named(hub: Hub, opened: Opened, fault: str) -> None:
    hub.fault("artifact", fault, times=None)
    with pytest.raises(ForgeError):
        await read(hub, opened, GOOD)


@pytest.mark.anyio
async def test_the_deadline_holds_for_another_host(hub: Hub, opened: Opened) -> None:
    hub.drip_seconds = 0.1
    hub.fault("artifact", "drip", times=None, landed=True)
    run = opened.run_with(GOOD)
    before = frozenset(threading.enumerate())
    with pytest.raises(ForgeAway):
        await read_named(hub, run.id, seconds=0.6)
    for each in [each for each in set(threading.enumerate()) - before if each.daemon]:
        await anyio.to_thread.run_sync(each.join, 2)
        assert not each.is_alive()  # whoever was left behind lets go by itself


@pytest.mark.feature("Q03")
@pytest.mark.anyio
async def test_more_than_the_bound_is_not_even_loaded(hub: Hub, opened: Opened) -> None:
    with pytest.raises(ForgeGarbled, match="larger than 5 MiB"):
        await read(hub, opened, os.urandom(MOST + 1))


@pytest.mark.feature("Q03")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused(name: str) -> None:
    with pytest.raises(ForgeGarbled):
        unpacked(HOSTILE[name], MEMBER)


@pytest.mark.feature("Q03")
def test_a_header_that_lies_about_the_size_does_not_get_more_unpacked() -> None:
    bomb = bytearray(zipped((MEMBER, bytes(MOST * 2))))
    said = (MOST * 2).to_bytes(4, "little")
    assert bomb.count(said) == 2
    with pytest.raises(ForgeGarbled):
        unpacked(bytes(bomb).replace(said, (10).to_bytes(4, "little")), MEMBER)


@pytest.mark.feature("Q03")
@pytest.mark.parametrize("seed", [int(os.environ.get("ARTIFACT_SEED", "1"))])  # noqa: TID251 - a search by hand
def test_a_mutated_archive_is_its_content_or_refused(seed: int) -> None:
    """``ARTIFACTS=10000 ARTIFACT_SEED=7 pytest tests/github/test_artifact.py`` tries many more."""
    rng = random.Random(seed)  # noqa: S311 - a test's choice
    for _ in range(int(os.environ.get("ARTIFACTS", "1000"))):  # noqa: TID251 - a search by hand
        archive = bytearray(rng.choice([GOOD, zipped((MEMBER, CONTENT), method=0)]))
        for _ in range(rng.randint(1, 4)):
            archive[rng.randrange(len(archive))] = rng.randrange(256)
        try:
            found = unpacked(
                bytes(archive[: rng.choice([None, rng.randrange(len(archive))])]), MEMBER
            )
        except ForgeGarbled:
            continue
        assert found == CONTENT
