"""What can be set, and what it is when nobody sets it.

Plain values: who has no settings file needs no validator. ``load.py`` has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, MaxLen, Predicate

_STRICT = {"extra": "forbid"}
FILE_NAME = ".reviewbot.yml"

Seconds = Annotated[float, Gt(0), Le(86400)]
Delay = Annotated[float, Ge(0), Le(600)]
Factor = Annotated[float, Ge(1), Le(10)]
Attempts = Annotated[int, Ge(1), Le(5)]
LintTool = Literal["ruff"]
OwnName = Annotated[str, MaxLen(40), Predicate(str.isidentifier)]
TypesTool = Literal["mypy", "ty"]
SecurityTool = Literal["bandit", "ruff", "patterns"]
Level = Literal["note", "warning", "error"]
Sureness = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySettings:
    """How a tool that crashed is tried again; None takes what ``defaults.retry`` says.

    Attributes:
        attempts: how often it is tried in all.
        base: seconds before the second attempt.
        factor: by which every further wait is longer.
        max: seconds that no wait is longer than.
    """

    attempts: Attempts | None = None
    base: Delay | None = None
    factor: Factor | None = None
    max: Delay | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """One node of the first wave.

    Attributes:
        enabled: False leaves the node out; the review says so.
        timeout: seconds for one attempt; None takes ``defaults.timeout``.
        retry: how a crashed tool is tried again.
        priority: who starts first where not all can; None is our own order, slowest first.
    """

    enabled: bool = True
    timeout: Seconds | None = None
    retry: RetrySettings = field(default_factory=RetrySettings)
    priority: Annotated[int, Ge(-100), Le(100)] | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings(AnalysisSettings):
    """Style, unused and broken code."""

    tool: LintTool = "ruff"

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesSettings(AnalysisSettings):
    """The type check of the whole program."""

    tool: TypesTool = "mypy"
    backups: tuple[TypesTool, ...] = ("ty",)
    timeout: Seconds | None = 300.0

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySettings(AnalysisSettings):
    """The security scan."""

    tool: SecurityTool = "bandit"
    backups: tuple[SecurityTool, ...] = ("ruff", "patterns")

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class TestsSettings(AnalysisSettings):
    """Test impact.

    Attributes:
        run: whether the selected tests are executed: ``trusted`` only in one's own working tree.
        budget: seconds that running them may take.
    """

    __test__ = False  # pytest would collect a class of this name

    tool: Literal["pytest"] = "pytest"
    run: Literal["trusted", "always", "never"] = "trusted"
    budget: Seconds = 300.0
    timeout: Seconds | None = 600.0

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSettings(AnalysisSettings):
    """An analysis by somebody's own check.

    Attributes:
        use: name of a check that is installed beside reviewbot.
        paths: patterns of the changed files that it looks at; ``*`` matches ``/`` too.
        optional: whether a review is complete without it.
    """

    use: str
    paths: tuple[str, ...] = ("*.py",)
    optional: bool = False

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyses:
    """The nodes of the first wave by name.

    Attributes:
        own: those that are not ours; in the file they stand beside the others.
    """

    lint: LintSettings = field(default_factory=LintSettings)
    types: TypesSettings = field(default_factory=TypesSettings)
    security: SecuritySettings = field(default_factory=SecuritySettings)
    tests: TestsSettings = field(default_factory=TestsSettings)
    own: Mapping[OwnName, OwnSettings] = field(default_factory=dict)

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDefaults:
    """How a tool that crashed is tried again; see RetrySettings."""

    attempts: Attempts = 2
    base: Delay = 0.1
    factor: Factor = 2.0
    max: Delay = 30.0

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for every node that does not say otherwise.

    Attributes:
        timeout: seconds for one attempt of a node.
        retry: how a crashed tool is tried again.
        max_parallel: nodes at once; ``auto`` is all of them.
        deadline: seconds for the whole run.
    """

    timeout: Seconds = 120.0
    retry: RetryDefaults = field(default_factory=RetryDefaults)
    max_parallel: Literal["auto"] | Annotated[int, Ge(1), Le(64)] = "auto"
    deadline: Seconds = 600.0

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The least finding that requests changes."""

    severity: Level = "error"
    confidence: Sureness = "medium"

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSettings:
    """How a review becomes a decision.

    Attributes:
        request_changes: the threshold, or ``never``.
        approve: ``never``, or ``when_clean``: complete, and nothing worse than a note introduced.
        approve_bots: whether also a pull request of a bot may be approved.
        incomplete: what an incomplete review decides when nothing else does.
    """

    request_changes: Threshold | Literal["never"] = field(default_factory=Threshold)
    approve: Literal["never", "when_clean"] = "never"
    approve_bots: bool = False
    incomplete: Literal["comment", "request_changes"] = "comment"

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """What is written on a pull request.

    Attributes:
        inline: open comments on lines at once; what is beyond is in the summary.
        inline_severity: the least finding that gets a comment on its line.
        summary: ``sticky`` is one comment, edited in place.
        check_run: a check with the verdict and annotations.
        labels: ``reviewbot: …``, kept current; nobody else's label is touched.
    """

    inline: Annotated[int, Ge(0), Le(30)] = 20
    inline_severity: Level = "warning"
    summary: Literal["sticky", "none"] = "sticky"
    check_run: bool = True
    labels: bool = True

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSettings:
    """What comes after the verdict.

    Attributes:
        assign_author: a block assigns the author.
        open_issue: a block opens an issue, one per pull request.
        merge: an approval lets the forge merge as soon as everything it asks for is there.
    """

    assign_author: bool = False
    open_issue: Literal["never", "blocking"] = "never"
    merge: Literal["never", "when_approved"] = "never"

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    Attributes:
        setup: where the project's environment comes from: ``auto`` looks for one, ``none`` does
            not.
        origins: dotted key → where its value was set; a key that is missing has its default.
    """

    version: Literal[1] = 1
    setup: Literal["auto", "none"] = "auto"
    analyses: Analyses = field(default_factory=Analyses)
    defaults: Defaults = field(default_factory=Defaults)
    verdict: VerdictSettings = field(default_factory=VerdictSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    follow_up: FollowUpSettings = field(default_factory=FollowUpSettings)
    origins: Mapping[str, str] = field(default_factory=dict)

    __pydantic_config__ = _STRICT
