"""Stored credentials that code of a change could read: found by what they are for, never shown.

A checkout leaves its token in ``.git/config`` as a header, or, GitHub's checkout action from
version 6 on, in a file below ``RUNNER_TEMP`` that ``.git/config`` includes. Git keeps passwords in
URLs and in files of the home.
"""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from reviewbot.workspace.configuration import parse_configuration

_LARGEST = 1 << 20
_MOST = 1000
"""Files of a folder for temporary files that are looked into."""

_URL_WITH_SECRET = re.compile(r"://(?:[^/@\s:]*:[^/@\s]+|[^/@\s:]{20,})@")
"""A password, or a user whose name is as long as a token."""

_SECRETS = frozenset({"password", "pass", "smtppass", "token", "oauthtoken"})
_PRIVATE_KEY = "PRIVATE KEY-----"
_NO_REPOSITORIES = frozenset({"objects", "refs", "logs", "hooks", "info", "lfs"})
"""Folders of a git directory that hold no other one."""

_AT_HOME = (".gitconfig", ".config/git/config")
_STORES = (
    ".git-credentials",
    ".config/git/credentials",
    ".netrc",
    ".config/gh/hosts.yml",
    ".ssh/id_*",
    ".pypirc",
    ".aws/credentials",
)
"""Files of a home that are there for nothing but a credential."""


def credentials_in(text: str) -> tuple[str, ...]:
    """The settings of a git configuration that hold or hand out a credential.

    Without their subsection, which may hold one itself: ``http.*.extraheader``.
    """
    found = (_shown(name) for name, value in parse_configuration(text) if _is_secret(name, value))
    return tuple(dict.fromkeys(found))


def stored_credentials(
    directories: Iterable[Path], *, home: str | None = None, temporary: str | None = None
) -> tuple[str, ...]:
    """Where credentials are stored, one line each: ``/x/.git/config (http.*.extraheader)``.

    Whether another user could read the file is not asked: that a program gets a user id of its own
    is not certain before it runs.

    Args:
        directories: the git directories of the checkout.
        home: the user's home.
        temporary: the value of ``RUNNER_TEMP``.
    """
    return tuple(dict.fromkeys(_places(directories, home, temporary)))


def _places(directories: Iterable[Path], home: str | None, temporary: str | None) -> Iterator[str]:
    files = [each for root in directories for each in _configurations(root)]
    if home is not None:
        files += [Path(home, each) for each in _AT_HOME]
    if temporary is not None:
        files += _files_below(temporary)
    for file, text in _with_included(files, home):
        if settings := credentials_in(text):
            yield f"{file} ({', '.join(settings)})"
        if _PRIVATE_KEY in text:
            yield f"{file} (a private key)"
    if home is not None:
        yield from map(str, _stores(Path(home)))


def _configurations(directory: Path) -> Iterator[Path]:
    """The configuration files of a git directory, its worktrees and its submodules."""
    for folder, names, files in os.walk(directory):
        if "HEAD" in files:  # else it only leads to others, which may have any name
            names[:] = sorted(set(names) - _NO_REPOSITORIES)
        yield from (Path(folder, each) for each in ("config", "config.worktree") if each in files)


def _with_included(files: Iterable[Path], home: str | None) -> Iterator[tuple[Path, str]]:
    """Each file with its text, and those that they include, whatever the includes' conditions."""
    pending, seen = list(files)[::-1], set[Path]()
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen.add(file)
        text = _read(file)
        yield file, text
        for name, value in parse_configuration(text):
            if name.startswith(("include.", "includeif.")) and name.endswith(".path"):
                pending.append(_included(file, value, home))


def _included(file: Path, value: str, home: str | None) -> Path:
    if home is not None and value.startswith("~/"):
        return Path(home, value[2:])
    return Path(os.path.normpath(file.parent / value))


def _stores(home: Path) -> Iterator[Path]:
    for pattern in _STORES:
        found = (each for each in sorted(home.glob(pattern)) if each.suffix != ".pub")
        yield from (each for each in found if _read(each))


def _files_below(folder: str) -> list[Path]:
    """Files of a folder and of the folders in it."""
    found = (each for pattern in ("*", "*/*") for each in Path(folder).glob(pattern))
    return sorted(islice(found, _MOST))


def _read(file: Path) -> str:
    """The text of a small regular file; nothing when it cannot be read, by us or by anybody."""
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _is_secret(name: str, value: str) -> bool:
    section, key = name.partition(".")[0], name.rpartition(".")[2]
    if _URL_WITH_SECRET.search(name) or _URL_WITH_SECRET.search(value):
        return True
    if not value:  # an empty value takes back what was set before it
        return False
    kind = (section, key)
    return (
        kind in {("http", "extraheader"), ("credential", "helper")}
        or (kind == ("core", "sshcommand") and " -i" in value)
        or key in _SECRETS
    )


def _shown(name: str) -> str:
    section, _, rest = name.partition(".")
    return f"{section}.*.{rest.rpartition('.')[2]}" if "." in rest else name
