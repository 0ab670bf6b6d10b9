"""Reading a pull request."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.patch import FilePatch
from tests.fakes.github.rules.diffs import not_too_large
from tests.fakes.github.rules.reviews import patches_at
from tests.fakes.github.shapes import Shapes
from tests.fakes.github.state import Issue, Repository
from tests.fakes.github.values import Json, Reply

_MOST_FILES = 3000
_MOST_COMMITS = 250
_BIGGEST_PATCH = 500_000
_LONGEST_PATCH = 20_000


def get(call: Call) -> Reply:
    call.pull.looked_at += 1
    for kind in ("diff", "patch"):
        if f"vnd.github.{kind}" in call.request.accept or f"v3.{kind}" in call.request.accept:
            return _text(call, kind)
    return Reply(body=call.shapes.pull_request(call.repository, call.issue))


def _text(call: Call, kind: str) -> Reply:
    git, pull = call.repository.git, call.pull
    base = git.resolve(pull.base_ref) or pull.base
    start = git.merge_base(base, pull.head) or base
    not_too_large(git.patches(start, pull.head), git.diff(start, pull.head))
    text = git.diff(start, pull.head)
    if kind == "patch":
        text = git.git("format-patch", "--stdout", f"{start}..{pull.head}")
    return Reply(body=text, media=f"application/vnd.github.v3.{kind}; charset=utf-8")


def find(call: Call) -> Listing:
    """The list of pull requests, by state, head and base."""
    query = call.request.query
    state, head, base = query.get("state", "open"), query.get("head"), query.get("base")
    found = []
    for issue in call.repository.issues.values():
        pull = issue.pull
        if pull is None or state not in {"all", issue.state}:
            continue
        if head in {None, f"{pull.head_owner.login}:{pull.head_ref}"} and base in {
            None,
            pull.base_ref,
        }:
            found.append(issue)

    def shape(issue: Issue) -> Json:
        made = call.shapes.pull_request(call.repository, issue)
        for key in _ONLY_ALONE:
            made.pop(key, None)
        return made

    return Listing(records=found[::-1], shape=shape)


_ONLY_ALONE = (
    "merged",
    "mergeable",
    "rebaseable",
    "mergeable_state",
    "merged_by",
    "comments",
    "review_comments",
    "maintainer_can_modify",
    "commits",
    "additions",
    "deletions",
    "changed_files",
)


def files(call: Call) -> Listing:
    patches = list(patches_at(call.repository, call.pull, call.pull.head).values())
    head = call.pull.head
    return Listing(
        records=patches[:_MOST_FILES],
        shape=lambda patch: file_shape(call.shapes, call.repository, patch, head),
    )


def file_shape(shapes: Shapes, found: Repository, patch: FilePatch, head: str) -> Json:
    """One changed file; without its patch when that is binary, big or empty."""
    web, api = f"{shapes.web}/{found.full_name}", f"{shapes.api}/repos/{found.full_name}"
    added, removed = patch.added or 0, patch.removed or 0
    made: Json = {
        "sha": patch.blob,
        "filename": patch.path,
        "status": patch.status,
        "additions": added,
        "deletions": removed,
        "changes": added + removed,
        "blob_url": f"{web}/blob/{head}/{patch.path}",
        "raw_url": f"{web}/raw/{head}/{patch.path}",
        "contents_url": f"{api}/contents/{patch.path}?ref={head}",
    }
    text = patch.text
    if patch.hunks and len(text) <= _BIGGEST_PATCH and text.count(b"\n") < _LONGEST_PATCH:
        made["patch"] = text.decode(errors="replace")
    if patch.previous is not None:
        made["previous_filename"] = patch.previous
    return made


def commits(call: Call) -> Listing:
    git, pull = call.repository.git, call.pull
    base = git.resolve(pull.base_ref) or pull.base
    return Listing(
        records=git.between(base, pull.head)[:_MOST_COMMITS],
        shape=lambda sha: commit_shape(call.shapes, call.repository, sha),
    )


def commit_shape(shapes: Shapes, found: Repository, sha: str) -> Json:
    """A commit as lists show it, without its files."""
    tree, parents, name, address, date, message = found.git.described(sha)
    made = shapes.example("commit", found.full_name)
    api = f"{shapes.api}/repos/{found.full_name}"
    who = {"name": name, "email": address, "date": date}
    for key in ("files", "stats"):
        made.pop(key, None)
    made |= {
        "sha": sha,
        "url": f"{api}/commits/{sha}",
        "html_url": f"{shapes.web}/{found.full_name}/commit/{sha}",
        "comments_url": f"{api}/commits/{sha}/comments",
        "author": None,
        "committer": None,
        "parents": [{"sha": parent, "url": f"{api}/commits/{parent}"} for parent in parents],
    }
    made["commit"] |= {
        "message": message,
        "author": who,
        "committer": who,
        "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
        "url": f"{api}/git/commits/{sha}",
    }
    return made
