"""Lint: what ruff says about the changed files under the project's own configuration."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviewbot import __version__
from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.answers.looking import Asked
from reviewbot.analyzers.answers.multiset import without
from reviewbot.analyzers.answers.side import Configured, Side, both_sides, joined, unless_it_crashes
from reviewbot.analyzers.code.selection import changed_python, is_python, is_text
from reviewbot.analyzers.ruff.check import checked
from reviewbot.analyzers.ruff.configuration import Configuration, Configurations, default
from reviewbot.analyzers.versions import tool_version
from reviewbot.process import Programs
from reviewbot.process.together import both
from reviewbot.review.analysis import Analysis, Change, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruff:
    """Lint with ruff, under the base's configuration on both sides.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
    """

    programs: Programs
    node: str = "lint"

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "ruff"

    async def analyze(self, change: Change) -> Analysis:
        """Lint the changed files of both sides.

        Raises:
            ToolError: ruff is missing, hangs, or prints what it does not document.
        """
        selection = changed_python(change, node=self.node)
        rules = Configurations.of(change.base)
        (head, base), configured = await both(
            lambda: both(
                lambda: self._side(change.head, selection.head, rules),
                lambda: unless_it_crashes(self._side(change.base, selection.base, rules, change)),
            ),
            lambda: self._configured(change, rules),
        )
        return both_sides("ruff", selection, head, base, configured)

    async def _side(
        self, tree: Tree, files: Sequence[str], rules: Configurations, kept: Change | None = None
    ) -> Side:
        """One tree; with the change whose cache keeps what is said about it, or None."""
        groups = _grouped(files, rules)
        sides = [await self._group(tree, group, files, kept) for group, files in groups.items()]
        return joined(sides)

    async def _group(
        self, tree: Tree, rules: Configuration, files: Sequence[str], kept: Change | None
    ) -> Side:
        try:
            return await self._asked(tree, rules, files, kept)
        except Refused as error:
            if not rules.origin:
                raise
            note = f"{rules.origin}: {error.message}; our own rules were used instead"
            return await self._asked(tree, default("", note), files, kept)

    async def _asked(
        self, tree: Tree, rules: Configuration, files: Sequence[str], kept: Change | None
    ) -> Side:
        """Keep answers by commit: some rules look at which other files a tree has."""

        async def look(_: str, some: Sequence[str], *, halving: bool) -> Side:  # noqa: ARG001 - the form of a Look
            return await checked(self.programs, tree, rules, some, self.node)

        if kept is None:
            return await look(tree.root, files, halving=True)
        own = (rules.directory, str(rules.versioned), *rules.documents)
        key = ("ruff", tool_version("ruff"), __version__, self.node, tree.commit or "", *own)
        return await Asked.of(kept, tree, files, key).alone(look)

    async def _configured(self, change: Change, base_rules: Configurations) -> Configured:
        """What the head's own configuration adds, over every file whose configuration differs."""
        rules = Configurations.of(change.head)
        files = [path for path in change.head.files if is_python(path) and is_text(path)]
        differing = [path for path in files if rules.nearest(path) != base_rules.nearest(path)]
        if not differing:
            return Configured()
        new, old = await both(
            lambda: self._side(change.head, differing, rules),
            lambda: self._side(change.head, differing, base_rules),
        )
        origins = {
            rules.nearest(path).origin or base_rules.nearest(path).origin for path in differing
        }
        return Configured(
            origin=", ".join(sorted(origins)),
            findings=without(new.findings, old.findings),
            notes=tuple(f"after the change, {note}" for note in new.notes),
        )


def _grouped(
    files: Iterable[str], rules: Configurations
) -> Mapping[Configuration, tuple[str, ...]]:
    groups: dict[Configuration, list[str]] = defaultdict(list)
    for path in files:
        groups[rules.nearest(path)].append(path)
    return {group: tuple(paths) for group, paths in groups.items()}
