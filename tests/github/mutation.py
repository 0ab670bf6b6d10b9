"""JSON with one to three things in it that are not as they should be."""

import copy
import random
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**4000, 0.5, float("inf"), "", "x", "::error::x\n", "../..",
    "\x00", "\ud800", "x" * 100_000, "7", [], {}, [[]], {"id": 1}, "0" * 40, "A" * 40,
)  # fmt: skip


def mutated(value: Any, rng: random.Random) -> Any:
    """A copy with keys gone, of other types, or with values that are out of all bounds."""
    changed = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_places(changed, rng))
        if rng.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(rng.choice(_ODD))
    return changed


def _places(value: Any, rng: random.Random) -> list[tuple[Any, Any]]:
    """Places near the top and on one way down: what is deep is seldom read."""
    places: list[tuple[Any, Any]] = [(value, key) for key in value]
    here = value
    while isinstance(here, dict | list) and here:
        key = rng.choice(list(here) if isinstance(here, dict) else list(range(len(here))))
        here = here[key] if _read(key) or rng.random() < 0.2 else None
        if isinstance(here, dict):
            places += [(here, each) for each in here]
    read = [(holder, key) for holder, key in places if _read(key)]
    return read * 3 + places


def _read(key: Any) -> bool:
    return key in _KEYS


_KEYS = frozenset(
    {
        "action", "pull_request", "head", "base", "repo", "sha", "ref", "user", "id", "login",
        "type", "number", "state", "draft", "changed_files", "html_url", "clone_url", "full_name",
        "repository", "sender", "workflow_run", "event", "conclusion", "merge_group", "head_sha",
        "base_sha", "inputs", "issue", "labels", "name", "changes",
    }
)  # fmt: skip
