"""What is reviewed against what: from a few words of the command line to two trees."""

from dataclasses import dataclass

from reviewbot.errors import UsageError
from reviewbot.process.together import both
from reviewbot.review.analysis import NotReviewed, Trust
from reviewbot.workspace.fetch import Remote
from reviewbot.workspace.history import Branch, History
from reviewbot.workspace.patch import Patch, apply_patch, read_patch
from reviewbot.workspace.planted import Planted, Sides
from reviewbot.workspace.repository import Repository
from reviewbot.workspace.snapshot import snapshot_index, snapshot_working_tree
from reviewbot.workspace.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for.

    Attributes:
        path: any path inside the repository; the whole repository is reviewed.
        base: a revision to compare with, or None for the default branch.
        head: a revision to review, or None for the working tree.
        staged: review the index.
        diff_file: a file that holds a unified diff to review; ``-`` for ``piped``.
        piped: what came by standard input.
        untrusted: the commits are a stranger's even when they are checked out.
        remote: where the commits are when the repository of ``path`` has them not, or None.
        merge_base: what the forge says ``base`` and ``head`` have in common, or None to find out.
        planted: the files of both sides, when only they could be read; ``head`` and ``merge_base``
            name the commits that they are from.
    """

    path: str = "."
    base: str | None = None
    head: str | None = None
    staged: bool = False
    diff_file: str | None = None
    piped: bytes = b""
    untrusted: bool = False
    remote: Remote | None = None
    merge_base: str | None = None
    planted: Planted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Two sides and how they were chosen.

    Attributes:
        base: id of a commit or tree.
        head: id of a commit or tree.
        base_commit: the commit behind ``base``; None for the empty tree and for a patch undone.
        head_commit: the commit behind ``head``; None for a working tree, the index or a patch.
        trust: TRUSTED for one's own working tree, index or checked-out commit.
        sentence: what is reviewed against what, for the reader.
        left_out: what the working tree has and ``head`` has not.
    """

    base: str
    head: str
    base_commit: str | None
    head_commit: str | None
    trust: Trust
    sentence: str
    left_out: tuple[NotReviewed, ...] = ()


async def select(request: Request, repository: Repository, store: Store) -> Selection:
    """Decide what is reviewed against what.

    Raises:
        UsageError: the request contradicts itself, or names what is not there.
    """
    _check(request)
    return await _Selecting(
        request=request, repository=repository, store=store, history=History(repository=repository)
    ).select()


def select_planted(request: Request, planted: Planted, sides: Sides) -> Selection:
    """The two trees that were planted; whatever else the repository holds is not reviewed."""
    head, base = request.head or "", request.merge_base or ""
    return Selection(
        base=sides.base,
        head=sides.head,
        base_commit=base or None,
        head_commit=head or None,
        trust=Trust.UNTRUSTED,
        sentence=f"the changed files of {head[:9]} against {base[:9]}",
        left_out=(NotReviewed(path=None, reason=planted.why),),
    )


def _check(request: Request) -> None:
    asked = {"--head": request.head, "--staged": request.staged, "--diff-file": request.diff_file}
    given = [name for name, value in asked.items() if value]
    if len(given) > 1:
        raise UsageError(f"{given[0]} and {given[1]} contradict each other", hint="give one")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selecting:
    request: Request
    repository: Repository
    store: Store
    history: History

    async def select(self) -> Selection:
        """The rule for each kind of request."""
        await self.history.learn(*filter(None, (self.request.head, self.request.base)))
        if self.request.diff_file is not None:
            return await self._patch(read_patch(self.request.diff_file, self.request.piped))
        if self.request.staged:
            return await self._index()
        if self.request.head is not None:
            return await self._commit(self.request.head)
        return await self._working_tree()

    async def _working_tree(self) -> Selection:
        checked_out = await self.history.head()
        (branch, base), (snapshot, tree) = await both(
            lambda: self._fork(checked_out),
            lambda: both(
                lambda: snapshot_working_tree(self.repository, self.store),
                self.history.checked_out_tree,
            ),
        )
        if snapshot.tree == tree and base == checked_out and self.request.base is None:
            return await self._last_commit(checked_out, "HEAD")
        return Selection(
            base=base,
            head=snapshot.tree,
            base_commit=base,
            head_commit=None,
            trust=self._own(),
            sentence=f"the working tree against {_where(base, branch, checked_out)}",
            left_out=snapshot.left_out,
        )

    async def _index(self) -> Selection:
        checked_out = await self.history.head()
        branch, base = Branch(name="HEAD", commit=checked_out), checked_out
        if self.request.base is not None:
            branch, base = await self._fork(checked_out)
        snapshot = await snapshot_index(self.repository, self.store)
        return Selection(
            base=base,
            head=snapshot.tree,
            base_commit=base,
            head_commit=None,
            trust=self._own(),
            sentence=f"what is staged against {_where(base, branch, checked_out)}",
        )

    async def _commit(self, revision: str) -> Selection:
        head = await self.history.commit(revision)
        branch, base = await self._fork(head)
        if base == head and self.request.base is None:
            return await self._last_commit(head, revision)
        return Selection(
            base=base,
            head=head,
            base_commit=base,
            head_commit=head,
            trust=await self._trust(head),
            sentence=f"{_named(revision, head)} against {_where(base, branch, head)}",
        )

    async def _last_commit(self, head: str, name: str) -> Selection:
        parent = await self.history.parent(head)
        against = f"its parent {parent[:9]}" if parent else "nothing: it is the first commit"
        return Selection(
            base=parent or self.store.empty_tree,
            head=head,
            base_commit=parent,
            head_commit=head,
            trust=await self._trust(head),
            sentence=f"the last commit of {name} ({head[:9]}) against {against}",
        )

    async def _patch(self, patch: Patch) -> Selection:
        onto = self.request.base or "HEAD"
        commit = await self.history.commit(onto) if onto != "HEAD" else await self.history.head()
        forward = await apply_patch(self.store, patch, onto=commit)
        if forward is not None:
            return Selection(
                base=commit,
                head=forward,
                base_commit=commit,
                head_commit=None,
                trust=Trust.UNTRUSTED,
                sentence=f"{patch.name} applied to {onto} ({commit[:9]})",
            )
        return await self._patch_undone(patch, onto)

    async def _patch_undone(self, patch: Patch, onto: str) -> Selection:
        snapshot = await snapshot_working_tree(self.repository, self.store)
        before = await apply_patch(self.store, patch, onto=snapshot.tree, undo=True)
        if before is None:
            raise UsageError(
                f"{patch.name} applies neither to {onto} nor, undone, to the working tree",
                hint="give the commit it was made on with --base",
            )
        return Selection(
            base=before,
            head=snapshot.tree,
            base_commit=None,
            head_commit=None,
            trust=self._own(),
            sentence=f"the working tree, which holds {patch.name}, against the same without it",
            left_out=snapshot.left_out,
        )

    async def _fork(self, head: str) -> tuple[Branch, str]:
        """What a head is compared with, and the commit at which the two parted."""
        if self.request.base and self.request.merge_base:
            branch = Branch(name=self.request.base, commit=self.request.base)
            return branch, self.request.merge_base
        branch = await self._against(head)
        return branch, await self.history.merge_base(branch.commit, head)

    async def _against(self, head: str) -> Branch:
        """What was asked to compare with, else the default branch, else the head itself."""
        asked = self.request.base
        if asked is not None:
            return Branch(name=asked, commit=await self.history.commit(asked))
        return await self.history.default_branch() or Branch(name="HEAD", commit=head)

    def _own(self) -> Trust:
        return Trust.UNTRUSTED if self.request.untrusted else Trust.TRUSTED

    async def _trust(self, commit: str) -> Trust:
        """A commit is one's own only while it is checked out."""
        return self._own() if commit == await self.history.checked_out() else Trust.UNTRUSTED


def _where(base: str, branch: Branch, head: str) -> str:
    if base == head:
        return f"HEAD ({base[:9]})"
    if base == branch.commit:
        return _named(branch.name, base)
    return f"{branch.name} at {base[:9]}, the merge base"


def _named(name: str, commit: str) -> str:
    """``topic (1a2b3c4d5)``, or the short commit alone when that is how it was named."""
    return commit[:9] if commit.startswith(name) else f"{name} ({commit[:9]})"
