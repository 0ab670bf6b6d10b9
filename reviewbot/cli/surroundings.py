"""What the front door reads from the environment, once."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reviewbot.process import harden_self, take_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the front door reads from the environment, once.

    Attributes:
        cache: the user's cache directory, or None in CI, where a pull request could write it.
        virtual_env: the active virtual environment, if any.
        home: the user's home, where git finds what they always ignore.
        runner_temp: where a CI system keeps what jobs hand on, tokens too; if any.
        in_ci: whether a CI system started us; a run there trusts nobody.
        variables: all of them, secrets too; they are nowhere else any more.
    """

    cache: Path | None
    virtual_env: str | None
    home: str | None
    runner_temp: str | None
    in_ci: bool
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    def cache_of(self, place: str) -> str | None:
        """The cache directory of the repository at a URL or around a path, apart from all others.

        None when nothing can be kept: in CI, or where the directory cannot be written.
        """
        if self.cache is None:
            return None
        key = hashlib.sha256(os.fsencode(_repository(place))).hexdigest()[:16]
        directory = self.cache / "reviewbot" / key
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        return str(directory) if os.access(directory, os.W_OK | os.X_OK) else None


def _repository(place: str) -> str | Path:
    """The URL, or the nearest directory upwards that holds ``.git``, or the path itself."""
    if "://" in place:
        return place
    path = Path(place).resolve()
    return next((each for each in (path, *path.parents) if (each / ".git").exists()), path)


def take_surroundings() -> Surroundings:
    """Take the environment, and close our memory to others; before any thread starts."""
    environ = take_environment()
    harden_self()
    return surroundings(environ)


def surroundings(environ: Mapping[str, str]) -> Surroundings:
    """What an environment says."""
    in_ci = environ.get("CI", "").lower() not in {"", "0", "false"}
    home = environ.get("XDG_CACHE_HOME") or (
        f"{environ['HOME']}/.cache" if environ.get("HOME") else ""
    )
    # A home that does not exist is a mistake of the surroundings, and not ours to make.
    kept = home.startswith("/") and Path(home).parent.is_dir() and not in_ci
    return Surroundings(
        cache=Path(home) if kept else None,
        virtual_env=environ.get("VIRTUAL_ENV"),
        home=environ.get("HOME"),
        runner_temp=environ.get("RUNNER_TEMP"),
        in_ci=in_ci,
        variables=environ,
    )
