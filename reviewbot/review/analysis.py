"""What an analyzer receives and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from reviewbot.review.finding import Finding

if TYPE_CHECKING:
    from reviewbot.review.diff import Diff


class Trust(Enum):
    """Decided once at the front door; nothing raises it later in a run.

    TRUSTED is one's own working tree. UNTRUSTED, the default for every pull request, takes
    configuration from the base and executes nothing of the head unless the policy allows it.
    """

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReviewed:
    """Something that could not be looked at, and why; never the same as clean.

    Attributes:
        path: the file, or None for something that is no file.
        reason: one line for the reader.
        node: who could not, or an empty string when nobody could.
        blocking: False for what is left out by rule (prose, generated files): it is listed, but
            does not make a review incomplete.
    """

    path: str | None
    reason: str
    node: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One side of a change, materialised from git objects.

    Attributes:
        root: absolute path of a directory that holds regular files only.
        commit: the commit it was made from; None for a working tree, the index or a patch.
        files: path → blob id of every regular file in the tree (``root`` holds them all).
        missing: what the tree has but ``root`` has not: symlinks, submodules, too large.
    """

    root: str
    commit: str | None
    files: Mapping[str, str]
    missing: tuple[NotReviewed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The project's own Python, as found; nothing here says that it may be executed.

    Attributes:
        python: absolute path of its interpreter; empty when that is not on this machine, as in a
            container that only mounts the environment.
        version: ``3.12``.
        site_packages: absolute paths that hold its installed packages.
        origin: how it was found, for the reader (``.venv``, ``VIRTUAL_ENV``).
    """

    python: str
    version: str
    site_packages: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything an analyzer may look at: the diff, both trees and the project's environment.

    Attributes:
        diff: what changed, file by file.
        head: the tree under review.
        base: the tree it is compared with: the merge base.
        trust: see Trust.
        environment: the project's environment, or None with ``no_environment`` saying why.
        cache: a directory for caches that no checkout can write, or None when nothing is kept.
        exposed: where credentials are stored that code of an untrusted change could read; while
            there is one, nothing of the change may be executed.
    """

    diff: Diff
    head: Tree
    base: Tree
    trust: Trust
    environment: Environment | None = None
    no_environment: str = ""
    cache: str | None = None
    exposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What an analyzer accounted for on the head: every requested file is in exactly one place.

    Attributes:
        analyzed: paths it really looked at.
        excluded: paths that the project's configuration leaves out.
        not_reviewed: paths, or things that are no file, that it could not look at.
    """

    analyzed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """Which tests a change can reach, and how those that ran went.

    Attributes:
        total: number of test files on the head.
        selected: test files the change can reach, most likely to fail first.
        reasons: test file → the chain of files that connects it to the change, in words.
        fallback: why everything is selected, or None.
        ran: number of selected test files that were run.
        failed: test ids that fail because of the change.
        reason: why not all the selected ones ran, or an empty string.
    """

    __test__ = False  # pytest would collect a class of this name

    total: int
    selected: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fallback: str | None = None
    ran: int = 0
    failed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What one analyzer says about a change.

    Attributes:
        tool: the program that answered.
        tool_version: its version.
        head: findings on the head, under the base's configuration.
        base: findings on the base with the same tool, version, configuration and environment;
            None when the base could not be analysed.
        configured: findings that only the head's changed configuration brings, grouped later and
            charged to no line; ``configuration`` names the changed file.
        hidden_head: findings on the head that a suppression comment hides.
        hidden_base: the same on the base.
        coverage: what it looked at and what it could not.
        notes: one line each, for the reader.
        tests: the test selection, from the analyzer that makes one.
        seconds: what the parts cost, by name (``head``, ``base``); no part of what is said.
    """

    tool: str
    tool_version: str
    head: tuple[Finding, ...] = ()
    base: tuple[Finding, ...] | None = ()
    configured: tuple[Finding, ...] = ()
    configuration: str = ""
    hidden_head: tuple[Finding, ...] = ()
    hidden_base: tuple[Finding, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    notes: tuple[str, ...] = ()
    tests: TestReport | None = None
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)


class Analyzer(Protocol):
    """A source of findings."""

    @property
    def tool(self) -> str:
        """The program behind it."""
        ...

    async def analyze(self, change: Change) -> Analysis:
        """Look at a change.

        Raises:
            ToolError: when nothing useful can be said; the node turns it into an Outcome.
        """
        ...
