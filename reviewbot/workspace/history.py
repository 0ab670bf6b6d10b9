"""Revisions of a repository as commit ids: names, merge bases, the default branch, parents."""

import difflib
from dataclasses import dataclass, field

from reviewbot.errors import UsageError
from reviewbot.workspace.git import Git, raw, text
from reviewbot.workspace.repository import Repository

_DEFAULTS = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)
_CHECKED_OUT, _CHECKED_OUT_TREE = "HEAD^{commit}", "HEAD^{tree}"
_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch: its short name for the reader, and its commit."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Questions to the commits of a repository.

    Attributes:
        repository: whose.
        known: revision → id of what it names, or None when it names nothing.
    """

    repository: Repository
    known: dict[str, str | None] = field(default_factory=dict)

    async def learn(self, *revisions: str) -> None:
        """Find out with one process what the revisions and the checked-out commit are.

        What it cannot say of a broken repository is asked for one by one.
        """
        fit = [f"{each}^{{commit}}" for each in revisions if each.isprintable()]
        asked = (_CHECKED_OUT, _CHECKED_OUT_TREE, *fit)
        lines = "".join(f"{each}\n" for each in asked)
        done = await self._git.run("cat-file", "--batch-check", stdin=raw(lines))
        if done.returncode == 0:
            found = map(_object, text(done.stdout).splitlines())
            self.known.update(zip(asked, found, strict=True))

    async def commit(self, revision: str) -> str:
        """The commit that a revision names.

        Raises:
            UsageError: no commit has this name; the hint is the nearest name of a ref.
        """
        found = None if "\0" in revision else await self._parsed(f"{revision}^{{commit}}")
        if found is None:
            raise UsageError(
                f"{revision!r} names no commit here", hint=await self._nearest(revision)
            )
        return found

    async def head(self) -> str:
        """The commit that is checked out.

        Raises:
            UsageError: there is none yet.
        """
        found = await self.checked_out()
        if found is None:
            raise UsageError("the repository has no commit yet", hint="commit something first")
        return found

    async def checked_out(self) -> str | None:
        """The same, or None when there is none."""
        return await self._parsed(_CHECKED_OUT)

    async def checked_out_tree(self) -> str | None:
        """The tree of the commit that is checked out, or None when there is none."""
        return await self._parsed(_CHECKED_OUT_TREE)

    async def parent(self, commit: str) -> str | None:
        """The first parent of a commit, or None for a root commit.

        Raises:
            UsageError: a shallow clone left the parent out.
        """
        found = await self._parsed(f"{commit}^1^{{commit}}")
        if found is None and commit in self.repository.shallow:
            raise UsageError(
                f"the parent of {commit[:9]} is not in this shallow clone",
                hint="git fetch --deepen=1",
            )
        return found

    async def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits.

        Raises:
            UsageError: there is none, or a shallow clone left it out.
        """
        found = await self._git.answer("merge-base", one, other)
        if found is not None:
            return found
        pair = f"{one[:9]} and {other[:9]}"
        if self.repository.shallow:
            raise UsageError(
                f"the merge base of {pair} is not in this shallow clone",
                hint="git fetch --unshallow, or fetch-depth: 0 in actions/checkout",
            )
        raise UsageError(f"{pair} have no common ancestor", hint="compare commits of one history")

    async def default_branch(self) -> Branch | None:
        """The branch that changes go to; the remote's word counts before the local one's."""
        listed = await self._git.read(
            "for-each-ref", "--format=%(refname)%00%(symref)%00%(objectname)", *_DEFAULTS
        )
        lines = (line.split("\0") for line in text(listed).splitlines())
        found = {name: Branch(name=_short(target or name), commit=of) for name, target, of in lines}
        return next((found[name] for name in _DEFAULTS if name in found), None)

    @property
    def _git(self) -> Git:
        return self.repository.git

    async def _parsed(self, revision: str) -> str | None:
        if revision in self.known:
            return self.known[revision]
        return await self._git.answer(
            "rev-parse", "--verify", "--quiet", "--end-of-options", revision
        )

    async def _nearest(self, revision: str) -> str:
        listed = text(await self._git.read("for-each-ref", "--format=%(refname:short)"))
        near = difflib.get_close_matches(revision, listed.splitlines(), n=1, cutoff=0.5)
        return f"did you mean {near[0]!r}?" if near else "git branch --all lists the names"


def _object(line: str) -> str | None:
    """The id in an answer of ``cat-file --batch-check``; what is not there is ``NAME missing``."""
    words = line.split(" ")
    return words[0] if len(words) == _WORDS and words[2].isdecimal() else None


def _short(name: str) -> str:
    return name.removeprefix("refs/remotes/").removeprefix("refs/heads/")
