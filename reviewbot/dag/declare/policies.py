"""What a document says of a policy -> the fields of a Policy."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from reviewbot.dag.annotation import clash, text
from reviewbot.dag.declare.callables import ByType, Holds
from reviewbot.dag.declare.expression import expression
from reviewbot.dag.declare.names import Names, kind_named
from reviewbot.dag.declare.policy_entries import (
    BackupEntry,
    BreakerEntry,
    CacheEntry,
    ClassifyEntry,
    CostEntry,
    FallbackEntry,
    InvariantEntry,
    PolicyEntry,
    RetryEntry,
)
from reviewbot.dag.declare.problem import Path
from reviewbot.dag.declare.reading import converted
from reviewbot.dag.edge import output_of
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.failure import ROUTES, FailureKind, Route
from reviewbot.dag.node import Bound, Node
from reviewbot.dag.policy import Backup, Breaker, Cache, Cost, Fallback, Invariant
from reviewbot.dag.retry import Retry


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What a policy has to fit: the parameters and the output of a node; None when unknown."""

    names: Names
    parameters: tuple[str, ...] | None = None
    output: Any = None

    def policy(self, entry: PolicyEntry, at: Callable[[str], Path]) -> dict[str, Any]:
        """The fields of a Policy that the entry sets; `at` gives the place of a field."""
        found: dict[str, Any] = {}
        for part in fields(PolicyEntry):
            said = getattr(entry, part.name)
            if said is not None:
                read = getattr(self, f"_{part.name}", None)
                found[part.name] = said if read is None else read(said, at(part.name))
        extra = _routes_of(entry.retry)
        if extra:
            found["routes"] = {**extra, **found.get("routes", {})}
        return found

    def _retry(self, entry: RetryEntry, path: Path) -> Retry:
        names = [name for name in entry.on or () if kind_named(name) is None]
        return Retry(
            on=self.names.errors(names, (*path, "on")),
            on_retry=self._function(entry.on_retry, (*path, "on_retry")),
            **_said(entry, "attempts", "base", "factor", "max", "jitter"),
        )

    def _fallback(self, entry: FallbackEntry, path: Path) -> Fallback:
        if entry.make is not None:
            return Fallback(make=self._function(entry.make, (*path, "make")))
        return Fallback(value=self._value(self.output, entry.value, path))

    def _backups(self, entries: Iterable[BackupEntry], path: Path) -> tuple[Backup, ...]:
        found = (self._backup(one, (*path, place)) for place, one in enumerate(entries))
        return tuple(one for one in found if one is not None)

    def _backup(self, entry: BackupEntry, path: Path) -> Backup | None:
        kinds = self.names.registry.kinds
        kind = kinds.get(entry.use)
        run = kind.run if isinstance(kind, Node) else kind
        if not callable(run):
            near = nearest(entry.use, kinds)
            self.names.problems.add(path, f"no kind {entry.use!r} can be a backup", near)
            return None
        constants = self.constants(run, entry.constants or {}, (*path, "with"))
        run = Bound(run, **constants) if constants else run
        self._check_backup(entry.use, run, path)
        breaker = (
            None if entry.breaker is None else self._breaker(entry.breaker, (*path, "breaker"))
        )
        return Backup(name=entry.name or entry.use, run=run, breaker=breaker)

    def _check_backup(self, name: str, run: Callable[..., Any], path: Path) -> None:
        if self.parameters is None:
            return
        try:
            inspect.signature(run).bind(**dict.fromkeys(self.parameters))
        except TypeError as error:
            self.names.problems.add(path, f"backup {name!r} does not take the same inputs: {error}")
        given = output_of(run)
        if None not in {given, self.output} and clash(given, self.output):
            what = f"backup {name!r} gives {text(given)}, not {text(self.output)}"
            self.names.problems.add(path, what)

    def _breaker(self, entry: BreakerEntry, path: Path) -> Breaker:
        stated = _said(entry, "failures", "cooldown")
        if entry.on is not None:
            stated["on"] = self.names.errors(entry.on, (*path, "on"))
        return Breaker(key=entry.key, **stated)

    def _classify(self, entry: ClassifyEntry, path: Path) -> Callable[..., Any] | None:
        if entry.function is not None:
            return self._function(entry.function, (*path, "function"))
        found: dict[type[Exception], FailureKind] = {}
        for name, kind in (entry.kinds or {}).items():
            errors = self.names.error(name, (*path, "kinds", name))
            found.update(dict.fromkeys(errors, kind))
        return ByType(kinds=tuple(found.items()))

    def _cost(self, entry: CostEntry, path: Path) -> Cost | None:
        if entry.function is None:
            return Cost(estimate=entry.estimate or {})
        estimate = self._function(entry.function, (*path, "function"))
        return None if estimate is None else Cost(estimate=estimate)

    def _cache(self, entry: CacheEntry, path: Path) -> Cache:
        return Cache(version=entry.version or "", key=self._function(entry.key, (*path, "key")))

    def _invariants(self, entries: Iterable[InvariantEntry], path: Path) -> tuple[Invariant, ...]:
        found = (self._invariant(one, (*path, place)) for place, one in enumerate(entries))
        return tuple(one for one in found if one is not None)

    def _invariant(self, entry: InvariantEntry, path: Path) -> Invariant | None:
        if entry.holds is None:
            holds = self._function(entry.name, path)
            return None if holds is None else Invariant(name=entry.name, holds=holds)
        try:
            scope = {"value": Any if self.output is None else self.output}
            return Invariant(
                name=entry.name, holds=Holds(expression=expression(entry.holds, scope))
            )
        except GraphError as error:
            self.names.problems.extend((*path, "holds"), error.problems)
            return None

    def _function(self, name: str | None, path: Path) -> Callable[..., Any] | None:
        return None if name is None else self.names.function(name, path)

    def _value(self, annotation: Any, given: object, path: Path) -> Any:  # noqa: ANN401 - any value
        if annotation is None:
            return given
        try:
            return converted(annotation, given)
        except ValueError as error:
            self.names.problems.add(path, f"{path[-1]}: {error}")
            return given

    def constants(
        self, run: Callable[..., Any], given: Mapping[str, object], path: Path
    ) -> dict[str, Any]:
        """Constants as values of the parameters they are for; unknown parameters are problems."""
        known = inspect.signature(run, eval_str=True).parameters
        found: dict[str, Any] = {}
        for name, value in given.items():
            parameter = known.get(name)
            if parameter is None or parameter.kind is parameter.VAR_KEYWORD:
                self.names.problems.add(
                    (*path, name), f"no parameter {name!r}", nearest(name, known)
                )
            else:
                hint = parameter.annotation
                hint = None if hint is parameter.empty else hint
                found[name] = self._value(hint, value, (*path, name))
        return found


def _said(entry: object, *names: str) -> dict[str, Any]:
    """The fields that were written."""
    found = {name: getattr(entry, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _routes_of(entry: RetryEntry | None) -> dict[FailureKind, Route]:
    """Routes for the kinds that `on` names and that are not tried again anyway."""
    kinds = [kind_named(name) for name in (entry.on if entry else None) or ()]
    return {kind: Route.RETRY for kind in kinds if kind and ROUTES[kind] is not Route.RETRY}
