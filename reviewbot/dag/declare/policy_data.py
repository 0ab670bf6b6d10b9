"""A Policy -> what a document says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from reviewbot.dag.declare.callables import ByType, Holds
from reviewbot.dag.declare.duration import written_duration
from reviewbot.dag.declare.naming import Naming, as_data
from reviewbot.dag.policy import (
    Backup,
    Breaker,
    Cache,
    Cost,
    Fallback,
    Invariant,
    Policy,
)
from reviewbot.dag.retry import Retry

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyData:
    """Writes policies of nodes whose value has the annotation `output`.

    Every method raises a LookupError for what has no name in the registry.
    """

    naming: Naming
    output: Any = None

    def policy(self, policy: Policy, base: Policy) -> Data:
        """The fields in which a policy differs from its kind's."""
        found: Data = {}
        for part in fields(Policy):
            value = getattr(policy, part.name)
            if value != getattr(base, part.name):
                write: Callable[[Any], Any] = getattr(self, f"_{part.name}", _plain)
                found[part.name] = write(value)
        return found

    def _timeout(self, seconds: float) -> str | float:
        return written_duration(seconds)

    _total = _timeout

    def _retry(self, retry: Retry) -> Data:
        return {
            "attempts": retry.attempts,
            "on": self.naming.errors(retry.on),
            "base": retry.base,
            "factor": retry.factor,
            "max": retry.max,
            "jitter": retry.jitter.value,
            **self._named("on_retry", retry.on_retry),
        }

    def _fallback(self, fallback: Fallback) -> Data:
        if fallback.make is not None:
            return {"make": self.naming.function(fallback.make)}
        return {"value": as_data(self.output, fallback.value)}

    def _backups(self, backups: tuple[Backup, ...]) -> list[Data]:
        return [self._backup(one) for one in backups]

    def _backup(self, backup: Backup) -> Data:
        use, _, constants = self.naming.bound(backup.run, backup.name)
        found: Data = {"use": use, "name": backup.name}
        if constants:
            found["with"] = dict(constants)
        if backup.breaker is not None:
            found["breaker"] = self._breaker(backup.breaker)
        return found

    def _breaker(self, breaker: Breaker) -> Data:
        return {
            "key": breaker.key,
            "failures": breaker.failures,
            "cooldown": breaker.cooldown,
            "on": self.naming.errors(breaker.on),
        }

    def _classify(self, classify: Callable[..., Any]) -> Data:
        if not isinstance(classify, ByType):
            return {"function": self.naming.function(classify)}
        kinds = {self.naming.errors([error])[0]: kind.value for error, kind in classify.kinds}
        return {"kinds": kinds}

    def _routes(self, routes: Mapping[Any, Any]) -> Data:
        return {kind.value: route.value for kind, route in routes.items()}

    def _cost(self, cost: Cost) -> Data:
        if isinstance(cost.estimate, Mapping):
            return {"estimate": dict(cost.estimate)}
        return {"function": self.naming.function(cost.estimate)}

    def _cache(self, cache: Cache) -> Data:
        return {"version": cache.version, **self._named("key", cache.key)}

    def _invariants(self, invariants: tuple[Invariant, ...]) -> list[Data]:
        return [self._invariant(one) for one in invariants]

    def _invariant(self, invariant: Invariant) -> Data:
        if isinstance(invariant.holds, Holds):
            return {"name": invariant.name, "holds": invariant.holds.expression.text}
        name = self.naming.function(invariant.holds)
        if name != invariant.name:
            raise LookupError(f"invariant {invariant.name!r} is {name!r} in the registry")
        return {"name": name}

    def _named(self, key: str, function: Callable[..., Any] | None) -> Data:
        return {} if function is None else {key: self.naming.function(function)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - numbers, mappings of numbers, tuples of texts
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
