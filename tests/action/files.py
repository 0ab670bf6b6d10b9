"""The files with which the action is offered, built and released."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
EXAMPLES = tuple(sorted((ROOT / "examples" / "workflows").glob("*.yml")))
OWN = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
WORKFLOWS = (*EXAMPLES, *OWN)


def read(path: Path) -> dict[str, Any]:
    """A YAML mapping in which ``on`` is a word, as at GitHub, and not a truth as in YAML 1.1."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of all jobs of a workflow."""
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]
