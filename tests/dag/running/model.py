"""What a policy means, said again in the simplest words: one loop, one clock, no concurrency.

It shares no code with the engine. Times are seconds; no two of the durations, limits and delays
that a Case can be made of ever meet, so that nothing depends on who is first at one instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

OK, BAD, NAMED, OTHER = "ok", "bad", "named", "other"
ANSWERS = {
    NAMED: "usual",
    OTHER: "usual",
    BAD: "usual",
    "timeout": "usual",
    "transient": "retry",
    "fixable": "repair",
    "config": "fail",
    "needs replan": "reroute",
    "escalate": "stop",
    "flaky": "skip",  # as the cases' policy says, over the engine's own table
    "test bug": "fall back",
}
RESULTS = (OK, BAD, NAMED, OTHER, *(set(ANSWERS) - {NAMED, OTHER, BAD, "timeout"}))


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one call does: how long it takes and what comes out."""

    result: str
    seconds: float = 0.25


@dataclass(frozen=True, kw_only=True)
class Case:
    """A policy and the scripts of the node and its backups; the last step of each repeats."""

    scripts: tuple[tuple[Step, ...], ...]
    attempts: int = 0
    names_timeouts: bool = False
    hook: str = ""
    timeout: float = inf
    total: float = inf
    fallback: str = ""
    breaker: int = 0
    promises: bool = False
    budget: int | None = None
    kept: bool = False


@dataclass(kw_only=True)
class Expected:
    """What happens: calls as (who, when, with what), attempts as (who, number, delay, error)."""

    calls: list[tuple[str, float, str]] = field(default_factory=list)
    attempts: list[tuple[str, int, float, str]] = field(default_factory=list)
    status: str = ""
    answered_by: str = ""
    spent: int = 0
    now: float = 0.0


COOLDOWN = 3.3


class Model:
    """Plays one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.seen = Expected()
        self.failures = 0
        self.opened = -inf
        self.error = ""

    def play(self) -> Expected:
        """The node, its backups, the fallback; the first that answers ends it."""
        seen, case = self.seen, self.case
        if case.kept:
            seen.status, seen.answered_by = "cached", "lint"
            return seen
        for by, script in zip(("lint", "b1", "b2"), case.scripts, strict=False):
            if by != "lint" and (not self.passes_on() or seen.now >= case.total):
                break
            if self.answered(by, self.steps(script)):
                seen.status = "succeeded" if by == "lint" else "rerouted"
                seen.answered_by = by
                return seen
        seen.status = self.end()
        return seen

    def steps(self, script: tuple[Step, ...]) -> Iterator[Step]:
        yield from script
        while True:
            yield script[-1]

    def passes_on(self) -> bool:
        if self.error in {"refused", "unpaid"}:
            return True
        return ANSWERS[self.error] in {"usual", "retry", "repair", "reroute"}

    def end(self) -> str:
        stays = self.error not in {"refused", "unpaid"} and ANSWERS[self.error] in {
            "fail",
            "stop",
            "skip",
        }
        if self.case.fallback == "value" and not stays:
            self.seen.answered_by = "fallback"
            return "fell back"
        if self.error == "unpaid" or (self.error != "refused" and ANSWERS[self.error] == "skip"):
            return "skipped"
        return "timed out" if self.error == "timeout" else "failed"

    def answered(self, by: str, steps: Iterator[Step]) -> bool:
        seen, case, delay, given = self.seen, self.case, 0.0, "first"
        for number in range(1, 99):
            is_open = self.is_open(by)
            if not is_open and not self.paid(by):
                self.error = self.error or "unpaid"
                return False
            if is_open:
                self.error = "refused"
                seen.attempts.append((by, number, delay, self.error))
                return False
            seen.calls.append((by, seen.now, given))
            self.error = self.called(next(steps))
            self.report(by)
            seen.attempts.append((by, number, delay, self.error))
            if not self.error:
                return True
            delay = min(30.0, 2.0 ** (number - 1))
            if not self.again(number, delay):
                return False
            if case.hook == "replace":
                given = f"after {number}"
            seen.now += delay
        raise AssertionError("a policy without an end")

    def is_open(self, by: str) -> bool:
        if by != "lint" or not self.case.breaker or self.failures < self.case.breaker:
            return False
        return self.seen.now < self.opened + COOLDOWN

    def paid(self, by: str) -> bool:
        if by != "lint" or self.case.budget is None:
            return True
        if self.seen.spent + 1 > self.case.budget:
            return False
        self.seen.spent += 1
        return True

    def called(self, step: Step) -> str:
        """The error of one call, empty if it answered; time passes."""
        seen, case = self.seen, self.case
        limit = min(case.timeout, case.total - seen.now)
        seen.now += min(step.seconds, limit)
        if step.seconds > limit:
            return "timeout"
        is_fine = step.result == OK or (step.result == BAD and not case.promises)
        return "" if is_fine else step.result

    def report(self, by: str) -> None:
        if by == "lint":
            self.failures = self.failures + 1 if self.error else 0
            if self.error and self.failures >= self.case.breaker:
                self.opened = self.seen.now

    def again(self, number: int, delay: float) -> bool:
        case, answer = self.case, ANSWERS[self.error]
        if number >= case.attempts or self.seen.now + delay >= case.total:
            return False
        named = self.error == NAMED or (self.error == "timeout" and case.names_timeouts)
        if case.hook == "stop":
            return False
        if answer == "repair":
            return case.hook == "replace"
        return answer == "retry" or (answer == "usual" and named)
