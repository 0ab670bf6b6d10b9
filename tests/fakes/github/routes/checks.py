"""Check runs and their annotations."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import CheckRun, now
from tests.fakes.github.values import Json, Refusal, Reply, not_found

_LONGEST = 65_535
_MOST = 50
_LONGEST_TITLE = 255
_LONGEST_MESSAGE = 65_536


def create(call: Call) -> Reply:
    said = call.body
    if not call.repository.git.resolve(said["head_sha"]):
        raise _refused("No commit found for SHA: " + said["head_sha"])
    _allowed(said)
    run = CheckRun(id=call.state.next_id(), head=said["head_sha"], name=said["name"])
    _write(run, said)
    call.repository.check_runs[run.id] = run
    return Reply(status=201, body=shape_of(call, run))


def update(call: Call) -> Reply:
    """Annotations are added to those that are there."""
    run = _run(call)
    _allowed(call.body)
    _write(run, call.body)
    return Reply(body=shape_of(call, run))


def get(call: Call) -> Reply:
    return Reply(body=shape_of(call, _run(call)))


def _run(call: Call) -> CheckRun:
    run = call.repository.check_runs.get(call.number("check_run_id"))
    if run is None:
        raise not_found()
    return run


def _write(run: CheckRun, said: Json) -> None:
    run.name = said.get("name", run.name)
    run.external_id = said.get("external_id", run.external_id)
    run.details_url = said.get("details_url", run.details_url)
    run.status = said.get("status", run.status)
    run.started_at = said.get("started_at", run.started_at or now())
    if "conclusion" in said:
        run.conclusion, run.status = said["conclusion"], "completed"
        run.completed_at = said.get("completed_at", now())
    output = said.get("output", {})
    run.output |= {key: output[key] for key in ("title", "summary", "text") if key in output}
    run.annotations += output.get("annotations", [])


def _allowed(said: Json) -> None:
    output = said.get("output", {})
    for key in ("summary", "text"):
        if len(output.get(key) or "") > _LONGEST:
            raise _refused(f"{key} exceeds a maximum bytesize of {_LONGEST}")
    annotations = output.get("annotations", [])
    if len(annotations) > _MOST:
        raise _refused(f"No more than {_MOST} annotations are allowed in one request")
    for each in annotations:
        _annotation(each)


def _annotation(said: Json) -> None:
    if len(said.get("title") or "") > _LONGEST_TITLE:
        raise _refused("annotation title is too long")
    if any(
        len((said.get(k) or "").encode()) > _LONGEST_MESSAGE for k in ("message", "raw_details")
    ):
        raise _refused("annotation message is too long")
    if ("start_column" in said or "end_column" in said) and said["start_line"] != said["end_line"]:
        raise _refused("columns need start_line and end_line to be the same")


def _refused(text: str) -> Refusal:
    error = {"resource": "CheckRun", "code": "custom", "field": "output", "message": text}
    return Refusal(422, "Validation Failed", errors=[error])


def annotations(call: Call) -> Listing:
    web = f"{call.shapes.web}/{call.repository.full_name}/blob/{_run(call).head}"
    blank: Json = {"start_column": None, "end_column": None, "title": None, "raw_details": None}
    return Listing(
        records=_run(call).annotations,
        shape=lambda each: {**blank, **each, "blob_href": f"{web}/{each['path']}"},
    )


def for_ref(call: Call) -> Listing:
    """By name and status too; the latest of a name unless ``filter`` is ``all``."""
    head, query = call.repository.git.resolve(call.names["ref"]), call.request.query
    found = {
        (run.name if query.get("filter") != "all" else run.id): run
        for run in call.repository.check_runs.values()
        if run.head == head
        and query.get("check_name") in {None, run.name}
        and query.get("status") in {None, run.status}
    }
    return Listing(
        records=list(found.values())[::-1],
        shape=lambda run: shape_of(call, run),
        under="check_runs",
    )


def shape_of(call: Call, run: CheckRun) -> Json:
    """A check run as GitHub shows it."""
    found, shapes = call.repository, call.shapes
    made = shapes.example("check-run", found.full_name)
    here = f"{shapes.api}/repos/{found.full_name}/check-runs/{run.id}"
    return made | {
        "id": run.id,
        "node_id": node_id("CR", run.id),
        "head_sha": run.head,
        "external_id": run.external_id,
        "name": run.name,
        "url": here,
        "html_url": f"{shapes.web}/{found.full_name}/runs/{run.id}",
        "details_url": run.details_url,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "pull_requests": [],
        "output": {
            "title": run.output.get("title"),
            "summary": run.output.get("summary"),
            "text": run.output.get("text"),
            "annotations_count": len(run.annotations),
            "annotations_url": f"{here}/annotations",
        },
    }
