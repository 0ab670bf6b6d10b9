"""The project's installed packages, for mypy, without ever starting the project's interpreter.

A ``.pth`` file of an environment may run code at every start of its interpreter, and mypy starts
the one it is given to ask for its paths. So it is given a program of ours that prints them: mypy
calls ``[executable, pyinfo.py, "getsearchdirs"]`` and reads ``(search path, site packages)`` with
``ast.literal_eval`` (mypy/modulefinder.py, ``get_search_dirs``).
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from reviewbot.analyzers.answers.stored import digest
from reviewbot.review.analysis import Environment

_LARGEST = 1 << 16
_PROGRAM = "#!/bin/sh\ncat <<'ANSWER'\n{answer}\nANSWER\n"


def package_options(
    environment: Environment | None, *, directory: str, own: Collection[str]
) -> tuple[str, ...]:
    """The command line options that say where installed packages are.

    Args:
        environment: the project's, or None when nothing is installed.
        directory: absolute path of an existing directory for the program.
        own: top-level names of the tree under review; a search path that holds one of them is
            the project itself, installed as editable, and the tree stands for it.
    """
    if environment is None:
        return ("--no-site-packages",)
    sites = [str(each) for each in environment.site_packages]
    linked = [path for site in sites for path in _linked(Path(site)) if not _holds(path, own)]
    program = Path(directory, "python")
    program.write_text(_PROGRAM.format(answer=repr((sites + linked, sites))), encoding="utf-8")
    program.chmod(0o755)
    return ("--python-executable", str(program))


def environment_digest(environment: Environment | None) -> str:
    """What is installed, by the names of its ``.dist-info`` directories, which hold versions."""
    if environment is None:
        return "nothing"
    names = [
        path.name
        for site in environment.site_packages
        for path in sorted(Path(site).glob("*"))
        if path.suffix in {".dist-info", ".egg-info", ".pth"} or path.name.endswith("-stubs")
    ]
    return digest(environment.version, *environment.site_packages, *names)


def _linked(site: Path) -> Iterator[str]:
    """Directories that path-only lines of ``.pth`` files add (as in ``site.addpackage``)."""
    for file in sorted(site.glob("*.pth")):
        if file.stat().st_size > _LARGEST:
            continue
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            path = site / line.strip()
            if line.strip() and not line.startswith(("#", "import ", "import\t")) and path.is_dir():
                yield str(path)


def _holds(path: str, own: Collection[str]) -> bool:
    return any(Path(path, name).exists() or Path(path, f"{name}.py").exists() for name in own)
