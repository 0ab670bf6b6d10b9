"""What we remember → what GitHub answers: its own example objects with our values."""

import base64
import json
from dataclasses import dataclass
from functools import cache

from tests.fakes.github.descriptions import description
from tests.fakes.github.state import (
    Fork,
    Issue,
    Repository,
    State,
    User,
)
from tests.fakes.github.values import Json


@cache
def _example(name: str, version: str) -> str:
    """An example object as text: the first, when it is a list."""
    value = description(version)["components"]["examples"][name]["value"]
    return json.dumps(value[0] if isinstance(value, list) else value)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Objects of one API version, with the addresses of this server.

    Attributes:
        web: address for people, without a slash at the end.
        api: address of the API.
    """

    state: State
    web: str
    api: str
    version: str

    def example(self, name: str, repository: str = "octocat/Hello-World") -> Json:
        """An example object that speaks of our server and of a repository."""
        text = _example(name, self.version)
        for host, ours in (("https://api.github.com", self.api), ("https://github.com", self.web)):
            text = text.replace(host, ours)
        made: Json = json.loads(text.replace("octocat/Hello-World", repository))
        return made

    def user(self, user: User) -> Json:
        text = json.dumps(self.example("issue-comment")["user"]).replace("octocat", user.login)
        made: Json = json.loads(text)
        return made | {
            "login": user.login,
            "id": user.id,
            "node_id": node_id("U", user.id),
            "type": user.type,
            "avatar_url": f"{self.web}/avatars/{user.id}",
        }

    def repository(self, found: Repository | Fork, *, whole: bool = False) -> Json:
        name = found.full_name
        if whole:
            made = self.example("full-repository-default-response", name)
            for key in ("template_repository", "parent", "source", "organization"):
                made.pop(key, None)
        else:
            made = self.example("pull-request", name)["base"]["repo"]
        made |= {
            "id": found.id,
            "node_id": node_id("R", found.id),
            "name": name.partition("/")[2],
            "full_name": name,
            "owner": self.user(found.owner),
            "fork": isinstance(found, Fork),
            "clone_url": f"{self.web}/{name}.git",
            "git_url": f"{self.web}/{name}.git",
            "ssh_url": f"git@127.0.0.1:{name}.git",
            "svn_url": f"{self.web}/{name}",
            "mirror_url": None,
            "homepage": None,
            "topics": [],
            "private": True,
        }
        if isinstance(found, Repository):
            made |= {
                "private": found.private,
                "has_issues": found.has_issues,
                "default_branch": found.default_branch,
            }
            if whole:
                made["allow_auto_merge"] = found.allow_auto_merge
        return made

    def pull_request(self, found: Repository, issue: Issue) -> Json:
        assert issue.pull is not None
        pull = issue.pull
        made = self.example("pull-request", found.full_name)
        made = _numbered(made, issue.number)
        base = found.git.resolve(pull.base_ref) or pull.base
        start = found.git.merge_base(base, pull.head) or base
        patches = found.git.patches(start, pull.head)
        made |= self._issue_side(found, issue) | {
            "node_id": node_id("PR", issue.id),
            "draft": pull.draft,
            "merged": pull.merged,
            "merged_at": issue.closed_at if pull.merged else None,
            "merged_by": None,
            "mergeable": None if pull.looked_at <= 1 else issue.state == "open",
            "rebaseable": None if pull.looked_at <= 1 else issue.state == "open",
            "mergeable_state": "unknown" if pull.looked_at <= 1 else "clean",
            "auto_merge": pull.auto_merge,
            "requested_reviewers": [],
            "requested_teams": [],
            "comments": sum(c.issue == issue.number for c in found.comments.values()),
            "review_comments": sum(c.pull == issue.number for c in found.review_comments.values()),
            "commits": len(found.git.between(base, pull.head)),
            "additions": sum(p.added or 0 for p in patches),
            "deletions": sum(p.removed or 0 for p in patches),
            "changed_files": len(patches),
            "head": self._end(
                pull.head_repository, pull.head_owner, found, (pull.head_ref, pull.head)
            ),
            "base": self._end(found, found.owner, found, (pull.base_ref, pull.base)),
        }
        if "merge_commit_sha" in made:
            made["merge_commit_sha"] = None
        return made

    def _end(
        self, where: Repository | Fork | None, owner: User, own: Repository, at: tuple[str, str]
    ) -> Json:
        if isinstance(where, Fork) and where.id == own.id:
            where = own
        return {
            "label": f"{owner.login}:{at[0]}",
            "ref": at[0],
            "sha": at[1],
            "user": self.user(owner),
            "repo": self.repository(where) if where else None,
        }

    def _issue_side(self, found: Repository, issue: Issue) -> Json:
        assignees = [self.user(self.state.user(login)) for login in issue.assignees]
        made: Json = {
            "id": issue.id,
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "user": self.user(issue.user),
            "state": issue.state,
            "locked": issue.locked,
            "active_lock_reason": None,
            "labels": [self.label(found, name) for name in issue.labels],
            "assignees": assignees,
            "milestone": None,
            "author_association": self.association(found, issue.user),
            "created_at": issue.created_at,
            "updated_at": issue.updated_at,
            "closed_at": issue.closed_at,
        }
        if self.version < "2026-03-10":
            made["assignee"] = assignees[0] if assignees else None
        return made

    def issue(self, found: Repository, issue: Issue) -> Json:
        made = self.example("issue", found.full_name)
        made = _numbered(made, issue.number)
        made |= self._issue_side(found, issue) | {
            "node_id": node_id("I", issue.id),
            "comments": sum(c.issue == issue.number for c in found.comments.values()),
            "closed_by": None,
            "pinned_comment": None,
        }
        if issue.pull is None:
            made.pop("pull_request", None)
        return made

    def association(self, found: Repository, user: User) -> str:
        if user.login == found.owner.login:
            return "OWNER"
        return "COLLABORATOR" if user.login in found.collaborators else "NONE"

    def label(self, found: Repository, name: str) -> Json:
        record = found.labels[name]
        made = self.example("label-items", found.full_name)
        return made | record | {"url": f"{self.api}/repos/{found.full_name}/labels/{name}"}


def _numbered(example: Json, number: int) -> Json:
    """The example's own number is 1347."""
    made: Json = json.loads(json.dumps(example).replace("/1347", f"/{number}"))
    return made


def node_id(kind: str, number: int) -> str:
    """A name for GraphQL that says what it names."""
    return f"{kind}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def named_by(node: str) -> tuple[str, int]:
    """Kind and number of a name."""
    kind, _, rest = node.partition("_")
    return kind, int(base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)))
