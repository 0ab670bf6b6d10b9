"""Types: what mypy says about the whole project before and after a change."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from reviewbot.analyzers.answers.lacking import without_lacking
from reviewbot.analyzers.answers.multiset import without
from reviewbot.analyzers.answers.side import Configured
from reviewbot.analyzers.code.installed import degraded
from reviewbot.analyzers.code.selection import Selection, changed_python
from reviewbot.analyzers.code.suppressions import new_suppressions
from reviewbot.analyzers.code.targets import touches_python
from reviewbot.analyzers.mypy.answer import Obstacle, is_of_unknown_types
from reviewbot.analyzers.mypy.configuration import Configuration, read_configuration
from reviewbot.analyzers.mypy.lacking import missing_package
from reviewbot.analyzers.mypy.plan import Plan, excluded_paths, layout_of, plan
from reviewbot.analyzers.mypy.session import Answer, Session, Tool, open_session
from reviewbot.analyzers.versions import tool_version
from reviewbot.errors import ToolError, ToolMissing
from reviewbot.process import Programs
from reviewbot.process.folders import readable_folder
from reviewbot.review.analysis import Analysis, Change, Coverage, NotReviewed, Tree
from reviewbot.review.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Mypy:
    """Type check the whole project with mypy, under the base's configuration on both sides.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
        seconds: how long one run of mypy may take.
    """

    programs: Programs
    node: str = "types"
    seconds: float = 300

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "mypy"

    async def analyze(self, change: Change) -> Analysis:
        """Check both trees of a change.

        Raises:
            ToolError: mypy is missing, hangs, or cannot be brought to an end on the head.
        """
        rules, new = read_configuration(change.base), read_configuration(change.head)
        if not touches_python(change.diff) and rules == new:
            note = "types: no Python file and no mypy configuration changed"
            return Analysis(tool="mypy", tool_version=tool_version("mypy"), notes=(note,))
        review = _Review(mypy=self, change=change, selection=changed_python(change, node=self.node))
        with readable_folder() as work:
            compared = await review.compared(rules, str(work))
            configured = await review.configured(rules, new, compared, str(work))
        return review.analysis(compared, configured, rules.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    head: Answer
    base: Answer | None
    plan: Plan
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    mypy: Mypy
    change: Change
    selection: Selection

    async def compared(self, rules: Configuration, work: str) -> _Compared:
        """Both sides on one cache: the base first, so that a kept cache is left at the head."""
        notes: list[str] = []
        head_plan = await self._plan(self.change.head, rules, self.selection.head, notes)
        base_plan = await self._plan(self.change.base, rules, self.selection.base, notes)
        with ExitStack() as stack:
            session = self._session(stack, rules, (head_plan, base_plan), Path(work, "base"))
            base = await self._base(session, base_plan, {}, notes)
            known = {**self._unread(), **self._still_there(base)}
            head_plan = _warned(head_plan, base)
            unchanged = self._unchanged(base)
            head = await session.answer(self.change.head, head_plan, known, unchanged)
            masked = self._on_base(head.masked)
            if base is not None and not masked.keys() <= base.masked.keys():
                base = await self._base(session, base_plan, masked, notes)
        return _Compared(head=head, base=base, plan=head_plan, notes=tuple(notes))

    async def configured(
        self, rules: Configuration, new: Configuration, compared: _Compared, work: str
    ) -> Configured:
        """What only the head's own configuration finds on the head."""
        if rules == new:
            return Configured()
        origin = new.path or rules.path or ""
        notes = [f"after the change, {note}" for note in new.notes]
        head_plan = await self._plan(self.change.head, new, self.selection.head, notes)
        with ExitStack() as stack:
            session = self._session(stack, new, (head_plan, compared.plan), Path(work, "head"))
            try:
                answer = await session.answer(self.change.head, head_plan, compared.head.masked)
            except ToolError as error:
                notes.append(f"mypy with the changed {origin}: {error.message}")
                return Configured(origin=origin, notes=tuple(notes))
        findings = without(answer.findings, compared.head.findings)
        return Configured(origin=origin, findings=findings, notes=tuple(notes))

    def analysis(
        self, compared: _Compared, configured: Configured, notes: Iterable[str]
    ) -> Analysis:
        """Everything as one value."""
        head, base = compared.head, compared.base
        found, before = head.findings, () if base is None else base.findings
        found, before, lacking = without_lacking(
            found,
            before,
            own=compared.plan.own,
            package=missing_package,
            follows=is_of_unknown_types,
        )
        silenced = new_suppressions(self.change, node=self.mypy.node)
        said = (
            *degraded(self.change),
            *lacking,
            *notes,
            *compared.notes,
            *head.notes,
            *self._only_on_base(compared),
            *configured.notes,
        )
        return Analysis(
            tool="mypy",
            tool_version=tool_version("mypy"),
            head=tuple(sorted((*found, *silenced), key=lambda each: each.sort_key)),
            base=None if base is None else before,
            configured=configured.findings,
            configuration=configured.origin,
            coverage=self._coverage(compared),
            notes=tuple(dict.fromkeys(said)),
            seconds={"head": head.seconds, "base": 0.0 if base is None else base.seconds},
        )

    async def _plan(
        self, tree: Tree, rules: Configuration, changed: tuple[str, ...], notes: list[str]
    ) -> Plan:
        try:
            excluded = await excluded_paths(self.mypy.programs, rules.exclude, tree.files)
        except ToolError as error:
            notes.append(f"{error.message}; nothing is excluded")
            excluded = frozenset()
        layout = layout_of(rules, {*self.change.head.files, *self.change.base.files})
        return plan(tree, rules, layout, changed, excluded)

    def _session(
        self, stack: ExitStack, rules: Configuration, plans: tuple[Plan, Plan], work: Path
    ) -> Session:
        work.mkdir()
        tool = Tool(
            programs=self.mypy.programs,
            version=tool_version("mypy"),
            node=self.mypy.node,
            seconds=self.mypy.seconds,
        )
        own = plans[0].own | plans[1].own
        return open_session(stack, self.change, rules, tool=tool, work=str(work), own=own)

    async def _base(
        self, session: Session, base_plan: Plan, masked: Mapping[str, Obstacle], notes: list[str]
    ) -> Answer | None:
        try:
            return await session.answer(self.change.base, base_plan, masked)
        except ToolMissing:
            raise
        except ToolError as error:
            notes.append(f"the base could not be type-checked: {error.message}")
            return None

    def _unread(self) -> dict[str, Obstacle]:
        """Changed files that no tool is asked about: they must not count on either side."""
        return {
            gap.path: Obstacle(path=gap.path, reason=gap.reason, in_the_way=False)
            for gap in self.selection.not_reviewed
            if gap.path is not None
        }

    def _still_there(self, base: Answer | None) -> dict[str, Obstacle]:
        """What was in mypy's way before and was not touched: it need not be found out again."""
        old, new = self.change.base.files, self.change.head.files
        masked = {} if base is None else base.masked
        return {path: each for path, each in masked.items() if new.get(path) == old.get(path)}

    def _unchanged(self, base: Answer | None) -> tuple[Finding, ...]:
        """What was said about files that both trees have."""
        old, new = self.change.base.files, self.change.head.files
        found = () if base is None else base.findings
        return tuple(each for each in found if new.get(each.path) == old.get(each.path))

    def _on_base(self, masked: Mapping[str, Obstacle]) -> dict[str, Obstacle]:
        """The same files under their old names, so that both sides stay comparable."""
        old = {path: self.change.diff.old_path(path) for path in masked}
        return {to: masked[path] for path, to in old.items() if to in self.change.base.files and to}

    def _only_on_base(self, compared: _Compared) -> tuple[str, ...]:
        gaps = {} if compared.base is None else compared.base.masked
        known = self._on_base(compared.head.masked)
        return tuple(
            f"{path} before the change: {gap.reason}"
            for path, gap in gaps.items()
            if path not in known
        )

    def _coverage(self, compared: _Compared) -> Coverage:
        requested = self.selection.head
        masked = {path: each.reason for path, each in compared.head.masked.items()}
        listed = {gap.path for gap in self.selection.not_reviewed}
        gaps = {**compared.plan.unfit, **masked}
        not_reviewed = tuple(
            NotReviewed(
                path=path,
                reason=why,
                node=self.mypy.node,
                blocking=not {path, f"{path}i"}.isdisjoint(requested),
            )
            for path, why in sorted(gaps.items())
            if path not in listed
        )
        aside = {*gaps, *compared.plan.excluded}
        return Coverage(
            analyzed=tuple(path for path in requested if path not in aside),
            excluded=compared.plan.excluded,
            not_reviewed=(*self.selection.not_reviewed, *not_reviewed),
        )


def _warned(plan: Plan, base: Answer | None) -> Plan:
    """The plan of the head with what was in mypy's way before."""
    masked = frozenset[str]() if base is None else frozenset(base.masked)
    return replace(plan, side=replace(plan.side, broke=masked))
