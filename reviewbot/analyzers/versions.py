"""Which version of a tool of ours is installed beside us."""

import sys
from functools import cache
from pathlib import Path


@cache
def tool_version(name: str) -> str:
    """The version of an installed distribution, as its metadata says.

    Found by the name of its ``.dist-info`` directory, which the binary distribution format fixes
    as ``name-version.dist-info``. ``importlib.metadata`` knows more forms than pip makes, and costs
    a review as much as starting ruff ten times: it is asked only when nothing is found.

    Args:
        name: in lower case, one word.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    for folder in sys.path:
        for found in Path(folder).glob(f"{name}-*.dist-info") if folder else ():
            return found.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    from importlib.metadata import version  # noqa: PLC0415 - see above

    return version(name)
