"""The project's own Python, found by looking at files; nothing of it is executed."""

import os
from collections.abc import Iterator
from pathlib import Path

from reviewbot.review.analysis import Environment

_FOLDERS = (".venv", "venv", "env")
_LARGEST = 64 << 10


def find_environment(
    root: str, *, active: str | None = None, own: str = ""
) -> tuple[Environment | None, str]:
    """The project's virtual environment, or None and the reason in words.

    Args:
        root: the working tree.
        active: the value of ``VIRTUAL_ENV``, which the front door read.
        own: the prefix of the environment that reviewbot runs in: when it is the active one, it
            is the project's only if it lies inside the working tree.
    """
    read = [
        _read(folder, origin)
        for folder, origin in _candidates(Path(root), active, own)
        if (folder / "pyvenv.cfg").is_file()
    ]
    found = [each for each in read if isinstance(each, Environment)]
    if found:
        # One made on another machine still says which packages there are.
        return next((each for each in found if each.python), found[0]), ""
    problems = [each for each in read if isinstance(each, str)]
    return None, "; ".join(problems) or f"no virtual environment found: {', '.join(_FOLDERS)}"


def _candidates(root: Path, active: str | None, own: str) -> Iterator[tuple[Path, str]]:
    if active:
        folder = Path(active)
        ours = bool(own) and folder.resolve() == Path(own).resolve()
        if not ours or folder.resolve().is_relative_to(root.resolve()):
            yield folder, "VIRTUAL_ENV"
    for name in _FOLDERS:
        yield root / name, name


def _read(folder: Path, origin: str) -> Environment | str:
    """The environment of a folder, or what is wrong with it."""
    python = folder / "bin" / "python"
    settings = _settings(folder / "pyvenv.cfg")
    # uv writes version_info, the standard library version, virtualenv both
    full = settings.get("version_info") or settings.get("version", "")
    version = ".".join(full.split(".")[:2])
    packages = _site_packages(folder, version)
    if not packages:
        return f"{origin}: it has no site-packages for Python {version or 'of unknown version'}"
    return Environment(
        python=os.path.abspath(python) if python.exists() else "",  # noqa: PTH100 - resolving would leave the environment
        version=version or packages[0].parent.name.removeprefix("python"),
        site_packages=tuple(str(each.absolute()) for each in packages),
        origin=origin,
    )


def _settings(file: Path) -> dict[str, str]:
    """``key = value`` lines of pyvenv.cfg, as the ``site`` module reads them."""
    with file.open("rb") as opened:
        lines = opened.read(_LARGEST).decode("utf-8", "replace").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _site_packages(folder: Path, version: str) -> list[Path]:
    pattern = f"python{version}*" if version else "python3*"
    return [
        each
        for library in ("lib", "lib64")
        for each in sorted(folder.glob(f"{library}/{pattern}/site-packages"))
        if each.is_dir() and not (library == "lib64" and (folder / "lib64").is_symlink())
    ]
