"""Why a node ran or did not, what it was given, what it cost in time, and what it meant for others.

Text for people: one fact per line, each under a word that says what kind of fact it is.
"""

from collections.abc import Iterator

from reviewbot.dag.diagram.walk import Step
from reviewbot.dag.run import Status
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.describe import amounts
from reviewbot.dag.trace.document import AttemptTrace, EdgeTrace, NodeTrace, OutcomeTrace

_COLUMN = 10
_NO_VALUE = frozenset({Status.FAILED, Status.TIMED_OUT, Status.SKIPPED, Status.CANCELLED})

Facts = Iterator[tuple[str, str]]


def explanation(step: Step) -> tuple[str, ...]:
    """The lines about one place of a trace, of a run or of a graph that has not run yet.

    A word that repeats on the next line is printed once.
    """
    last, lines = "", [step.path]
    for word, said in facts(step):
        lines.append(f"  {word if word != last else '':{_COLUMN}} {said}".rstrip())
        last = word
    return tuple(lines)


def facts(step: Step) -> Facts:
    """The same as pairs of a word and what is said under it."""
    return _after(step) if step.outcome is not None else _before(step)


def _before(step: Step) -> Facts:
    node, seen = step.node, analytics(step.section)
    yield "is", _is(node)
    if node.off:
        yield "runs", f"not: {node.off}"
    for edge in node.links:
        yield "needs", _asked(edge, node)
    if node.when:
        yield "runs", f"only when {node.when}"
    needed = [edge.node for edge in node.all_edges if edge.kind == "value" and not edge.is_input]
    yield (
        "skipped",
        f"when there is no value of {_or(needed)}"
        if needed
        else "never because another node failed",
    )
    yield from _policy(node)
    if node.name in seen.critical_path:
        yield "time", f"on the longest chain: {' > '.join(seen.critical_path)}"
    for other in step.section.dependents.get(node.name, ()):
        yield "gives to", f"{other.name}, {_kind(other, node.name)}"


def _after(step: Step) -> Facts:
    node, outcome = step.node, step.outcome
    if outcome is None:
        return
    yield "is", _is(node) if step.item is None else f"an item of {_is(node)}"
    if step.item is not None:
        yield "item", step.item.id
        yield from (("made of", source) for source in step.item.sources)
    yield "ended", _ended(outcome)
    yield from _why(step, outcome)
    for attempt in outcome.attempts:
        yield "attempts", _attempt(attempt)
    if outcome.answered_by and outcome.answered_by != node.name:
        yield "answered", f"{outcome.answered_by}, instead of {node.name}"
    if outcome.digest:
        yield "value", f"content {outcome.digest[:12]}"
    if outcome.spent:
        yield "cost", amounts(outcome.spent)
    if step.item is None:
        yield from _place_in_time(step)
        yield from (
            ("meant", _consequence(node, other))
            for other in step.section.dependents.get(node.name, ())
        )
    yield from _items(node) if step.item is None else ()
    yield from (("said", line) for line in outcome.log)
    yield from _policy(node)


def _is(node: NodeTrace) -> str:
    kinds = {"map": "a map over ", "subgraph": "a subgraph", "node": "a node"}
    over = ", ".join(node.over.values()) if node.kind == "map" else ""
    gives = f" that gives {node.output}" if node.output else ""
    return f"{kinds[node.kind]}{over} in wave {node.wave}{gives}"


def _asked(edge: EdgeTrace, node: NodeTrace) -> str:
    each = "each item of " if edge.parameter in node.over else ""
    name = f"{each}{'the input ' if edge.is_input else ''}{edge.node}"
    as_parameter = "" if edge.parameter == edge.node else f" as {edge.parameter}"
    kinds = {
        "value": "" if edge.is_input else ", its value",
        "optional": ", its value if there is one",
        "outcome": ", its outcome, whatever it is",
    }
    return f"{name}{as_parameter}{kinds[edge.kind]}{_for_condition(edge, node)}"


def _for_condition(edge: EdgeTrace, node: NodeTrace) -> str:
    return "" if edge in node.edges else ", for its condition"


def _ended(outcome: OutcomeTrace) -> str:
    took = f" after {outcome.seconds:.3f} s" if outcome.is_started else ""
    kind = f" ({outcome.kind})" if outcome.kind else ""
    resumed = ", in an earlier process" if outcome.resumed else ""
    return f"{outcome.status}{took}{resumed}{f': {outcome.reason}' if outcome.reason else ''}{kind}"


def _why(step: Step, outcome: OutcomeTrace) -> Facts:
    """Edge by edge, what came and what that decided."""
    node, others = step.node, step.section.by_name
    if node.off:
        yield "because", f"it is switched off: {node.off}"
    for edge in node.links:
        source = None if edge.is_input else others.get(edge.node)
        yield "because", _came(edge, node, None if source is None else source.outcome)
    if node.when:
        yield "because", f"its condition {_tested(outcome)}: {node.when}"
    if outcome.is_started and step.item is None:
        yield "started", _started(step, outcome)


def _tested(outcome: OutcomeTrace) -> str:
    if outcome.is_started or outcome.resumed or outcome.status == Status.CACHED:
        return "held"
    if outcome.reason.startswith("condition not met"):
        return "was not met"
    return "raised" if outcome.status == Status.FAILED else "was not asked"


def _came(edge: EdgeTrace, node: NodeTrace, source: OutcomeTrace | None) -> str:
    digest = f" (content {edge.digest[:12]})" if edge.digest else ""
    condition = _for_condition(edge, node)
    if source is None:
        what = "was given" if edge.is_input else "did not run"
        return f"{'the input ' if edge.is_input else ''}{edge.node} {what}{digest}{condition}"
    if source.status not in _NO_VALUE:
        by = f", answered by {source.answered_by}" if source.status == Status.REROUTED else ""
        return f"{edge.node} {source.status}{by}{digest}{condition}"
    meant = {
        "value": "a value was needed",
        "optional": "it could do without",
        "outcome": "it asked for the outcome only",
    }
    return f"{edge.node} {source.status}; {meant[edge.kind]}{condition}"


def _started(step: Step, outcome: OutcomeTrace) -> str:
    others = step.section.by_name
    ends = {
        edge.node: source.started + source.seconds
        for edge in step.node.all_edges
        if not edge.is_input and (source := others[edge.node].outcome) is not None
    }
    if not ends:
        return f"at {outcome.started:.3f} s"
    last = max(ends, key=ends.__getitem__)
    waited = max(0.0, outcome.started - ends[last])
    return f"at {outcome.started:.3f} s, {waited:.3f} s after {last}, the last it waited for"


def _attempt(attempt: AttemptTrace) -> str:
    wait = f", after a wait of {attempt.delay:.3f} s" if attempt.delay else ""
    end = attempt.started + attempt.seconds
    ended = f"failed: {attempt.error}" if attempt.error else "gave the value"
    return f"{attempt.number} by {attempt.by}, {attempt.started:.3f} to {end:.3f} s{wait}: {ended}"


def _place_in_time(step: Step) -> Facts:
    critical = step.section.critical
    if not step.is_critical:
        yield "time", f"not on the critical path: {step.node.slack:.3f} s of slack"
        return
    longest = max(critical, key=lambda node: node.seconds)
    bottleneck = ", its bottleneck" if longest is step.node else ""
    path = " > ".join(node.name for node in critical)
    yield "time", f"on the critical path{bottleneck}: {path}"


def _kind(other: NodeTrace, name: str) -> str:
    kinds = {
        "value": "its value",
        "optional": "its value if there is one",
        "outcome": "its outcome",
    }
    return next(kinds[edge.kind] for edge in other.all_edges if edge.node == name)


def _consequence(node: NodeTrace, other: NodeTrace) -> str:
    if other.outcome is None:
        return f"{other.name} has not ended"
    if other.outcome.status in _NO_VALUE:
        return f"{other.name} {other.outcome.status}"
    ok = node.outcome is not None and node.outcome.status not in _NO_VALUE
    return f"{other.name} continued {'with' if ok else 'without'} it"


def _items(node: NodeTrace) -> Facts:
    for item in node.items:
        made = f", made of {', '.join(item.sources)}" if item.sources else ""
        yield "items", f"[{item.key}] {_ended(item.outcome)}{made}"


def _policy(node: NodeTrace) -> Facts:
    yield from (("policy", f"{name} {said}") for name, said in node.policy.items())


def _or(names: list[str]) -> str:
    return " or ".join(dict.fromkeys(names))
