"""What a type checker is told about the project's Python and its installed packages."""

import re
import sys

from reviewbot.analyzers.code.documents import BrokenDocument, Documents, table
from reviewbot.review.analysis import Change, Environment, Tree

_LOWEST = re.compile(r"(?:>=|==|~=)\s*3\.(\d{1,2})")


def degraded(change: Change) -> tuple[str, ...]:
    """The note that says findings are fewer because nothing is installed, or nothing."""
    if change.environment is not None:
        return ()
    why = f" ({change.no_environment})" if change.no_environment else ""
    return (f"degraded: dependencies not installed{why}",)


def python_version(environment: Environment | None, tree: Tree) -> str:
    """``3.x``: the environment's, else ours, else newer when the project says ours is too old.

    Args:
        environment: the project's, or None.
        tree: whose ``[project] requires-python`` counts.
    """
    if environment is not None:
        return environment.version
    return f"3.{max(sys.version_info.minor, _required(tree))}"


def _required(tree: Tree) -> int:
    """The minor version that ``requires-python`` starts at; 0 when it does not say plainly."""
    try:
        project = table(Documents(tree=tree).get("pyproject.toml"), "project") or {}
    except BrokenDocument:
        return 0
    said = project.get("requires-python")
    match = _LOWEST.search(said) if isinstance(said, str) else None
    return int(match[1]) if match else 0
