"""A pull request that stands on the server, and what may become of it."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.state import Artifact, Issue, Pull, Repository, WorkflowRun, now


@dataclass(frozen=True, slots=True)
class Opened:
    """One pull request; what it does is done as by its people, without a request."""

    hub: Hub
    repository: Repository
    issue: Issue

    @property
    def pull(self) -> Pull:
        assert self.issue.pull is not None
        return self.issue.pull

    @property
    def number(self) -> int:
        return self.issue.number

    @property
    def url(self) -> str:
        return f"{self.hub.web}/{self.repository.full_name}/pull/{self.number}"

    @property
    def clone_url(self) -> str:
        return f"{self.hub.web}/{self.repository.full_name}.git"

    @property
    def head(self) -> str:
        return self.pull.head

    def push(self, files: Files, *, message: str = "more") -> str:
        """A commit on top of the head."""
        return self._moved(self.repository.git.commit(files, parent=self.head, message=message))

    def force_push(self, files: Files, *, message: str = "again") -> str:
        """A commit on the base branch in place of all that was."""
        return self._moved(self.repository.git.commit(files, parent=self.base, message=message))

    @property
    def base(self) -> str:
        """The tip of the branch it goes to."""
        found = self.repository.git.resolve(self.pull.base_ref)
        assert found is not None
        return found

    def _moved(self, commit: str) -> str:
        self.repository.git.point(f"refs/pull/{self.number}/head", commit)
        self.pull.heads.append(commit)
        self.pull.base, self.pull.looked_at = self.base, 0
        self.issue.updated_at = now()
        return commit

    def advance_base(self, files: Files, *, message: str = "meanwhile") -> str:
        """A commit on the branch that it goes to."""
        git = self.repository.git
        made = git.commit(files, parent=self.base, message=message)
        git.point(f"refs/heads/{self.pull.base_ref}", made)
        return made

    def retarget(self, branch: str, files: Files) -> str:
        """Let it go to another branch, made of one commit on top of the present one."""
        git = self.repository.git
        made = git.commit(files, parent=self.base, message=branch)
        git.point(f"refs/heads/{branch}", made)
        self.pull.base_ref, self.pull.base = branch, made
        return made

    def finished_run(
        self,
        members: Mapping[str, bytes],
        *,
        artifact: str = "reviewbot",
        event: str = "pull_request",
    ) -> WorkflowRun:
        """A run of a workflow on the head that left an archive of these members behind."""
        return self.run_with(_archive(members), artifact=artifact, event=event)

    def run_with(
        self, content: bytes, *, artifact: str = "reviewbot", event: str = "pull_request"
    ) -> WorkflowRun:
        """The same with an archive of any bytes."""
        state, found, pull = self.hub.state, self.repository, self.pull
        run = WorkflowRun(
            id=state.next_id(),
            event=event,
            head=pull.head,
            head_branch=pull.head_ref,
            head_repository=pull.head_repository,
        )
        made = Artifact(id=state.next_id(), run=run.id, name=artifact, content=content)
        found.runs[run.id], found.artifacts[made.id] = run, made
        return run

    def close(self) -> None:
        self.issue.state, self.issue.closed_at = "closed", now()

    def merge(self) -> None:
        self.close()
        self.pull.merged = True

    def lock(self) -> None:
        self.issue.locked = True

    def delete_fork(self) -> None:
        self.pull.head_repository = None


def _archive(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()
