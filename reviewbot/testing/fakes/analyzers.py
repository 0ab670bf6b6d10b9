"""Analyzers that look for a word, and what can go wrong with one; nothing is started."""

from dataclasses import dataclass, field

import anyio

from reviewbot.review.analysis import Analysis, Analyzer, Change, Coverage
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.testing.fakes.texts import Files, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Grep:
    """Finds every line of both sides that holds its word; ``seconds`` is how long it takes."""

    word: str
    texts: Texts
    tool: str = "grep"
    seconds: float = 0.0
    calls: list[str] = field(default_factory=list)

    async def analyze(self, change: Change) -> Analysis:
        """Look at both sides; how many words there are depends on the texts alone."""
        self.calls.append(change.head.root)
        await anyio.sleep(self.seconds)
        return Analysis(
            tool=self.tool,
            tool_version="1",
            head=self._found(self.texts.after),
            base=self._found(self.texts.before),
            coverage=Coverage(analyzed=tuple(each.path for each in change.diff.files)),
        )

    def _found(self, side: Files) -> tuple[Finding, ...]:
        return tuple(
            Finding(
                node=self.word,
                tool=self.tool,
                rule=self.word,
                message=f"there is a {self.word}",
                severity=Severity.WARNING,
                location=Location(path=path, line=number),
                source=line,
                text=line,
            )
            for path, text in sorted(side.items())
            for number, line in enumerate(text.splitlines(), 1)
            if self.word in line
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Raises the same error at every call, or at the first ``times`` calls only."""

    error: Exception
    then: Analyzer
    times: int | None = None
    seconds: float = 0.0
    calls: list[str] = field(default_factory=list)

    @property
    def tool(self) -> str:
        """That of the analyzer that answers once it does."""
        return self.then.tool

    async def analyze(self, change: Change) -> Analysis:
        """Raise, or let the other analyzer answer."""
        self.calls.append(change.head.root)
        if self.times is not None and len(self.calls) > self.times:
            return await self.then.analyze(change)
        await anyio.sleep(self.seconds)
        raise self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """Never answers."""

    tool: str = "grep"

    async def analyze(self, change: Change) -> Analysis:
        """Wait to be cancelled."""
        await anyio.sleep_forever()
        raise AssertionError(change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """Answers with something that is no Analysis."""

    tool: str = "grep"

    async def analyze(self, change: Change) -> Analysis:
        """Give the diff back."""
        return change.diff  # type: ignore[return-value]  # that is the lie
