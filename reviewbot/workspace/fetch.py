"""Commits of a pull request from the repository it goes to, into a git directory of our own."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from reviewbot.errors import ToolError, ToolMissing, UsageError
from reviewbot.process import Programs
from reviewbot.workspace.git import Git, complaint
from reviewbot.workspace.repository import Repository, open_repository
from reviewbot.workspace.store import write_bare

_SECONDS = 300
_PROTOCOLS = frozenset({"https", "http"})


class FetchFailed(ToolError):
    """The repository cannot be reached, or does not have the commits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Where the commits of a pull request are.

    Attributes:
        url: of the repository that the pull request goes to; forks share its objects.
        commits: the head and what it is compared with.
        ref: holds the head when the server hands out no commit by its id
            (``refs/pull/7/head``).
        authorization: the value of the HTTP header, or empty for a public repository.
    """

    url: str
    commits: tuple[str, ...]
    ref: str
    authorization: str = field(default="", repr=False)


async def fetched_repository(
    remote: Remote, *, checkout: str | None, folder: Path, programs: Programs, program: str
) -> Repository:
    """A repository that holds the commits: the checkout when it has them, else one of our own.

    Only the two commits are fetched, without history: the forge has said what their merge base is,
    and a diff of two shallow tips against anything else would show the base's own progress.

    Args:
        remote: what is needed and where it is.
        checkout: a path in a working tree that may hold it, or None.
        folder: where to make a git directory; it does not exist yet.
        programs: who starts git.
        program: absolute path of git.

    Raises:
        FetchFailed: see the class.
    """
    found = await _checkout(checkout, programs, program)
    held = 0 if found is None else await _held(found.git, remote.commits)
    if found is not None and held == len(remote.commits):
        return found
    related = found if held else None  # one that has the base is a clone of the same project
    write_bare(folder, objects=() if related is None else (Path(related.common, "objects"),))
    git = Git(programs=programs, program=program, directory=str(folder))
    await _fetch(git, remote)
    root = "" if related is None else related.root
    return Repository(git=git, root=root, directory=str(folder), common=str(folder), settings={})


async def _checkout(path: str | None, programs: Programs, program: str) -> Repository | None:
    if path is None:
        return None
    with suppress(UsageError):
        return await open_repository(path, programs=programs, program=program)
    return None


async def _held(git: Git, commits: tuple[str, ...]) -> int:
    """How many of the commits are there with their trees."""
    asked = "".join(f"{each}^{{tree}}\n" for each in commits).encode()
    done = await git.run("cat-file", "--batch-check", stdin=asked)
    return sum(b" tree " in each for each in done.stdout.splitlines())


async def _fetch(git: Git, remote: Remote) -> None:
    """By id first; a server that refuses that may still hand out the ref, if it has not moved."""
    reaching = replace(git, added=_reach(remote))
    by_id = await _try(reaching, remote.url, remote.commits)
    wanted = len(remote.commits)
    if not by_id or await _held(git, remote.commits) == wanted:
        return
    by_ref = await _try(reaching, remote.url, (remote.ref, *remote.commits[1:]))
    if by_ref or await _held(git, remote.commits) < wanted:
        raise FetchFailed(
            f"{remote.url} cannot be fetched: {by_ref or by_id}",
            hint="does the token have contents: read?",
        )


async def _try(git: Git, url: str, wanted: tuple[str, ...]) -> str:
    """Fetch; an empty string, or what git complained about."""
    options = (
        "--quiet",
        "--no-tags",
        "--depth=1",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
    )
    done = await git.run(
        *("fetch", *options, "--no-auto-maintenance", "--no-recurse-submodules"),
        *("--", url, *wanted),
        seconds=_SECONDS,
    )
    return complaint(done) if done.returncode else ""


def _reach(remote: Remote) -> dict[str, str]:
    """The environment that lets git out to this one repository.

    The header travels in the environment of this one process: a URL ends in messages, an argument
    is readable by everybody on the machine. No redirect is followed: git would take the header
    along.

    Raises:
        ToolMissing: git cannot speak the URL's protocol, or is not allowed to.
    """
    protocol = remote.url.partition("://")[0]
    if protocol not in _PROTOCOLS:
        raise ToolMissing(f"{remote.url}: only https is fetched")
    pairs = [("http.followRedirects", "false"), ("credential.helper", "")]
    if remote.authorization:
        pairs.append((f"http.{remote.url}.extraHeader", f"Authorization: {remote.authorization}"))
    numbered = {
        f"GIT_CONFIG_{part}_{number}": text
        for number, pair in enumerate(pairs)
        for part, text in zip(("KEY", "VALUE"), pair, strict=True)
    }
    return {"GIT_ALLOW_PROTOCOL": protocol, "GIT_CONFIG_COUNT": str(len(pairs)), **numbered}
