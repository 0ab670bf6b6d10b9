"""Pull requests for tests, in a few words."""

from dataclasses import dataclass

from tests.fakes.github.hub import Hub
from tests.fakes.github.opened import Opened
from tests.fakes.github.repository import Files
from tests.fakes.github.state import Fork, Issue, Pull, Repository
from tests.fakes.repository import Repository as WorkingTree

__all__ = ["Opened", "host", "open_pull_request"]


def open_pull_request(  # noqa: PLR0913 — each is a word of the scenario
    hub: Hub,
    base_files: Files,
    head_files: Files,
    *,
    repository: str = "demo/shapes",
    author: str = "ada",
    fork: bool = False,
    draft: bool = False,
    title: str = "Change",
    private: bool = True,
) -> Opened:
    """A pull request of one commit upon one commit.

    Args:
        hub: where it stands.
        base_files: path → content of the base; a second pull request of a repository builds on
            what is there and only adds these.
        head_files: path → what the head has otherwise; None deletes.
        repository: ``owner/name``.
        author: login of who opened it.
        fork: whether the head lives in the author's copy.
        draft: whether it is one.
        title: of the pull request.
        private: whether the repository is, if it is made now.
    """
    found = hub.repository(repository, private=private)
    git = found.git
    base = git.resolve("main")
    if base is None or base_files:
        base = git.commit(base_files, parent=base, message="base")
        git.point("refs/heads/main", base)
    head = git.commit(head_files, parent=base, message=title)
    return _opened(hub, found, base, head, _Wish(author, fork, draft, title))


def host(  # noqa: PLR0913 — each is a word of the scenario
    hub: Hub,
    tree: WorkingTree,
    base: str,
    head: str,
    *,
    repository: str = "demo/shapes",
    author: str = "ada",
    fork: bool = False,
) -> Opened:
    """A pull request between two commits of a repository on disk."""
    found = hub.repository(repository)
    for commit in (base, head):
        found.git.adopt(tree.root, commit)
    found.git.point("refs/heads/main", base)
    return _opened(hub, found, base, head, _Wish(author, fork, draft=False, title="Change"))


@dataclass(frozen=True, slots=True)
class _Wish:
    author: str
    fork: bool
    draft: bool
    title: str


def _opened(hub: Hub, found: Repository, base: str, head: str, wish: _Wish) -> Opened:
    author = hub.state.user(wish.author)
    home: Fork
    if wish.fork:
        name = f"{wish.author}/{found.full_name.partition('/')[2]}"
        home = Fork(id=hub.state.next_id(), full_name=name, owner=author)
    else:
        found.collaborators.setdefault(wish.author, "write")
        home = Fork(id=found.id, full_name=found.full_name, owner=found.owner)
    number = found.next_number()
    pull = Pull(
        base_ref="main",
        base=base,
        head_ref=f"topic-{number}",
        heads=[head],
        head_owner=home.owner,
        head_repository=home,
        draft=wish.draft,
    )
    issue = Issue(
        id=hub.state.next_id(),
        number=number,
        title=wish.title,
        body=None,
        user=author,
        pull=pull,
    )
    found.issues[number] = issue
    found.git.point(f"refs/pull/{number}/head", head)
    return Opened(hub, found, issue)
