"""Runs of workflows, and the files they leave behind."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import Artifact, WorkflowRun, now
from tests.fakes.github.values import Json, Refusal, Reply, not_found


def run(call: Call) -> Reply:
    """A run; the pull requests it names are none when the head is a fork's."""
    found = _run(call)
    repository = call.repository
    api = f"{call.shapes.api}/repos/{repository.full_name}"
    head = found.head_repository
    own = head is not None and head.id == repository.id
    pulls = [
        {"id": issue.number, "number": issue.number}
        for issue in repository.issues.values()
        if own and issue.pull and found.head in issue.pull.heads
    ]
    return Reply(
        body={
            "id": found.id,
            "node_id": node_id("WFR", found.id),
            "name": found.name,
            "head_branch": found.head_branch,
            "head_sha": found.head,
            "path": f".github/workflows/{found.name}.yml",
            "run_number": 1,
            "run_attempt": found.attempt,
            "event": found.event,
            "status": "completed",
            "conclusion": found.conclusion,
            "workflow_id": 1,
            "url": f"{api}/actions/runs/{found.id}",
            "html_url": f"{call.shapes.web}/{repository.full_name}/actions/runs/{found.id}",
            "pull_requests": pulls,
            "created_at": now(),
            "updated_at": now(),
            "artifacts_url": f"{api}/actions/runs/{found.id}/artifacts",
            "repository": call.shapes.repository(repository),
            "head_repository": call.shapes.repository(head) if head else None,
        }
    )


def _run(call: Call) -> WorkflowRun:
    found = call.repository.runs.get(call.number("run_id"))
    if found is None:
        raise not_found()
    return found


def artifacts(call: Call) -> Listing:
    """The newest first; by name when one is given."""
    name = call.request.query.get("name")
    found = [
        artifact
        for artifact in call.repository.artifacts.values()
        if artifact.run == _run(call).id and name in {None, artifact.name}
    ]

    def shape(artifact: Artifact) -> Json:
        here = (
            f"{call.shapes.api}/repos/{call.repository.full_name}/actions/artifacts/{artifact.id}"
        )
        return {
            "id": artifact.id,
            "node_id": node_id("MA", artifact.id),
            "name": artifact.name,
            "size_in_bytes": len(artifact.content),
            "url": here,
            "archive_download_url": f"{here}/zip",
            "expired": artifact.expired,
            "created_at": now(),
            "updated_at": now(),
            "expires_at": now(),
            "workflow_run": {"id": artifact.run, "head_sha": _run(call).head},
        }

    return Listing(records=found[::-1], shape=shape, under="artifacts")


def download(call: Call) -> Reply:
    """Where the archive lies: on another host, for whoever knows the address."""
    artifact = call.repository.artifacts.get(call.number("artifact_id"))
    if artifact is None:
        raise not_found()
    if artifact.expired:
        raise Refusal(410, "Artifact has expired")
    location = f"{call.blobs}/artifacts/{artifact.id}.zip?sig=signed"
    return Reply(status=302, headers={"location": location})
