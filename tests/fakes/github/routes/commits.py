"""Commits, comparisons, files and statuses."""

import base64
import posixpath
from urllib.parse import quote, unquote

from tests.fakes.github.call import Call
from tests.fakes.github.routes.pulls import commit_shape, file_shape
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import now
from tests.fakes.github.values import Json, Refusal, Reply, not_found

_MOST_FILES = 300
_MOST_COMMITS = 250
_BIGGEST_INLINE = 1_000_000
_TYPES = {"120000": "symlink", "160000": "submodule", "040000": "dir"}


def _resolved(call: Call, name: str) -> str:
    found = call.repository.git.resolve(unquote(name))
    if found is None:
        raise Refusal(422, f"No commit found for SHA: {name}") if len(name) == 40 else not_found()
    return found


def get(call: Call) -> Reply:
    """A commit with its files, or as text by the Accept header."""
    git, sha = call.repository.git, _resolved(call, call.names["ref"])
    if "vnd.github.sha" in call.request.accept:
        return Reply(body=sha.encode(), media="application/vnd.github.sha; charset=utf-8")
    parent = git.parent(sha)
    if "diff" in call.request.accept:
        text = git.diff(parent, sha)
        return Reply(body=text, media="application/vnd.github.diff; charset=utf-8")
    patches = git.patches(parent, sha)
    added, removed = sum(p.added or 0 for p in patches), sum(p.removed or 0 for p in patches)
    made = commit_shape(call.shapes, call.repository, sha) | {
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "files": [
            file_shape(call.shapes, call.repository, patch, sha) for patch in patches[:_MOST_FILES]
        ],
    }
    return Reply(body=made)


def compare(call: Call) -> Reply:
    """From the merge base to the head, as git has it with three dots."""
    base_name, dots, head_name = unquote(call.names["basehead"]).partition("...")
    if not dots:
        raise not_found()
    git, shapes = call.repository.git, call.shapes
    base, head = _resolved(call, base_name), _resolved(call, head_name.rpartition(":")[2])
    start = git.merge_base(base, head)
    if start is None:
        raise Refusal(404, f"No common ancestor between {base_name} and {head_name}.")
    if "diff" in call.request.accept:
        text = git.diff(start, head)
        return Reply(body=text, media="application/vnd.github.diff; charset=utf-8")
    ahead, behind = git.between(base, head), git.between(head, base)
    here = f"{call.repository.full_name}/compare/{quote(f'{base_name}...{head_name}')}"
    made = shapes.example("commit-comparison", call.repository.full_name) | {
        "url": f"{shapes.api}/repos/{here}",
        "html_url": f"{shapes.web}/{here}",
        "status": _status(len(ahead), len(behind)),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "base_commit": commit_shape(shapes, call.repository, base),
        "merge_base_commit": commit_shape(shapes, call.repository, start),
        "commits": [commit_shape(shapes, call.repository, sha) for sha in ahead[:_MOST_COMMITS]],
        "files": [
            file_shape(shapes, call.repository, patch, head)
            for patch in git.patches(start, head)[:_MOST_FILES]
        ],
    }
    return Reply(body=made)


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"


def content(call: Call) -> Reply:
    """A file with its content, or the list of a folder."""
    path = unquote(call.names["path"]).strip("/")
    git, repository = call.repository.git, call.repository
    commit = _resolved(call, call.request.query.get("ref") or repository.default_branch)
    found = git.entries(commit, path)
    if not found:
        raise not_found()
    if not path or found[0][0] == "040000":
        inside = git.entries(commit, f"{path}/" if path else "")
        return Reply(body=[_entry(call, each, commit) for each in inside])
    mode, _, sha, size, _ = found[0]
    if mode == "160000":
        return Reply(body=_entry(call, found[0], commit))
    blob = git.blob(sha)
    if "vnd.github.raw" in call.request.accept or "v3.raw" in call.request.accept:
        return Reply(body=blob, media="application/vnd.github.raw+json; charset=utf-8")
    made = _entry(call, found[0], commit)
    if mode == "120000":
        return Reply(body=made | {"target": blob.decode(errors="replace")})
    text = base64.encodebytes(blob).decode() if size <= _BIGGEST_INLINE else ""
    encoding = "base64" if size <= _BIGGEST_INLINE else "none"
    return Reply(body=made | {"content": text, "encoding": encoding})


def _entry(call: Call, entry: tuple[str, str, str, int, str], commit: str) -> Json:
    mode, _, sha, size, path = entry
    kind = _TYPES.get(mode, "file")
    if kind == "submodule" and call.shapes.version < "2026-03-10":
        kind = "file" if not call.names["path"].endswith(posixpath.basename(path)) else kind
    api = f"{call.shapes.api}/repos/{call.repository.full_name}"
    web = f"{call.shapes.web}/{call.repository.full_name}"
    here = f"{api}/contents/{quote(path)}?ref={commit}"
    blob = f"{api}/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}"
    page = f"{web}/{'tree' if kind == 'dir' else 'blob'}/{commit}/{quote(path)}"
    made: Json = {
        "type": kind,
        "size": size,
        "name": posixpath.basename(path),
        "path": path,
        "sha": sha,
        "url": here,
        "git_url": blob,
        "html_url": page,
        "download_url": None if kind in {"dir", "submodule"} else f"{web}/raw/{commit}/{path}",
        "_links": {"self": here, "git": blob, "html": page},
    }
    return made | ({"submodule_git_url": ""} if mode == "160000" else {})


def create_status(call: Call) -> Reply:
    sha, said = call.names["sha"], call.body
    if call.repository.git.resolve(sha) is None:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    number = call.state.next_id()
    made = call.shapes.example("status", call.repository.full_name) | {
        "url": f"{call.shapes.api}/repos/{call.repository.full_name}/statuses/{sha}",
        "id": number,
        "node_id": node_id("SC", number),
        "state": said["state"],
        "description": said.get("description"),
        "target_url": said.get("target_url"),
        "context": said.get("context", "default"),
        "created_at": now(),
        "updated_at": now(),
        "creator": call.shapes.user(call.user),
    }
    call.repository.statuses.append(made)
    return Reply(status=201, body=made)
