"""Issues, and the issue side of a pull request: labels and assignees."""

from urllib.parse import unquote

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.rules.bodies import fits, required
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import Issue, Repository, State, Token, now
from tests.fakes.github.values import Json, Refusal, Reply, not_found

_MOST_ASSIGNEES = 10


def get(call: Call) -> Reply:
    _is_here(call)
    return Reply(body=call.shapes.issue(call.repository, call.issue))


def _is_here(call: Call) -> None:
    """An issue may have moved to another repository, or issues may be switched off."""
    issue = call.issue
    if issue.transferred_to is not None:
        location = f"{call.shapes.api}/repos/{issue.transferred_to}/issues/{issue.number}"
        raise Refusal(301, "Moved Permanently", headers={"location": location})
    if not call.repository.has_issues and issue.pull is None:
        raise Refusal(410, "Issues are disabled for this repo")


def find(call: Call) -> Listing:
    """Pull requests are issues too; the newest first."""
    query = call.request.query
    state, labels = (
        query.get("state", "open"),
        set(filter(None, query.get("labels", "").split(","))),
    )
    found = [
        issue
        for issue in call.repository.issues.values()
        if state in {"all", issue.state}
        and labels <= set(issue.labels)
        and query.get("creator") in {None, issue.user.login}
    ]
    if query.get("direction") != "asc":
        found.reverse()
    return Listing(records=found, shape=lambda each: call.shapes.issue(call.repository, each))


def create(call: Call) -> Reply:
    """Labels and assignees of somebody who may not push are dropped without a word."""
    repository = call.repository
    if not repository.has_issues:
        raise Refusal(410, "Issues are disabled for this repo")
    required(call.body, "title", resource="Issue")
    body = call.body.get("body")
    fits(call.state, body or "", "Issue")
    issue = Issue(
        id=call.state.next_id(),
        number=repository.next_number(),
        title=str(call.body["title"]),
        body=body,
        user=call.user,
    )
    repository.issues[issue.number] = issue
    if _may_push(call.token, repository):
        add_labels_to(
            call.state, repository, issue, [_name(x) for x in call.body.get("labels", [])]
        )
        _assign(repository, issue, call.body.get("assignees", []))
    return Reply(status=201, body=call.shapes.issue(repository, issue))


def update(call: Call) -> Reply:
    """Title, body, state, labels and assignees."""
    issue, said = call.issue, call.body
    fits(call.state, said.get("body") or "", "Issue")
    issue.title, issue.body = said.get("title", issue.title), said.get("body", issue.body)
    issue.state = said.get("state", issue.state)
    issue.closed_at = now() if issue.state == "closed" else None
    if "labels" in said:
        issue.labels.clear()
        add_labels_to(call.state, call.repository, issue, [_name(x) for x in said["labels"]])
    if "assignees" in said:
        issue.assignees.clear()
        _assign(call.repository, issue, said["assignees"])
    issue.updated_at = now()
    return Reply(body=call.shapes.issue(call.repository, issue))


def add_assignees(call: Call) -> Reply:
    """At most ten; who may not be assigned is dropped without a word."""
    if _may_push(call.token, call.repository):
        _assign(call.repository, call.issue, call.body.get("assignees", []))
    return Reply(status=201, body=call.shapes.issue(call.repository, call.issue))


def _assign(repository: Repository, issue: Issue, logins: list[str]) -> None:
    able = [login for login in logins if login in repository.collaborators]
    issue.assignees += [login for login in able if login not in issue.assignees]
    del issue.assignees[_MOST_ASSIGNEES:]


def _may_push(token: Token | None, repository: Repository) -> bool:
    if token is None:
        return False
    role = repository.collaborators.get(token.user.login)
    return token.installation or role in {"admin", "write"}


def labels(call: Call) -> Listing:
    return Listing(
        records=call.issue.labels, shape=lambda name: call.shapes.label(call.repository, name)
    )


def labels_of_repository(call: Call) -> Listing:
    return Listing(
        records=list(call.repository.labels),
        shape=lambda name: call.shapes.label(call.repository, name),
    )


def create_label(call: Call) -> Reply:
    name = call.body["name"]
    if name in call.repository.labels:
        error = {"resource": "Label", "code": "already_exists", "field": "name"}
        raise Refusal(422, "Validation Failed", errors=[error])
    _label(call.state, call.repository, name, call.body)
    return Reply(status=201, body=call.shapes.label(call.repository, name))


def add_labels(call: Call) -> Reply:
    """As an object or as a bare list; labels that do not exist yet are made."""
    said = call.said["labels"] if isinstance(call.said, dict) else call.said
    add_labels_to(call.state, call.repository, call.issue, [_name(each) for each in said])
    shape = call.shapes.label
    return Reply(body=[shape(call.repository, name) for name in call.issue.labels])


def remove_label(call: Call) -> Reply:
    """What is left is the answer; one that is not there is refused."""
    name = unquote(call.names["name"])
    if name not in call.issue.labels:
        raise Refusal(404, "Label does not exist")
    call.issue.labels.remove(name)
    shape = call.shapes.label
    return Reply(body=[shape(call.repository, each) for each in call.issue.labels])


def add_labels_to(state: State, repository: Repository, issue: Issue, names: list[str]) -> None:
    """Put labels on an issue, making those the repository has not."""
    for name in names:
        if name not in repository.labels:
            _label(state, repository, name, {})
        if name not in issue.labels:
            issue.labels.append(name)


def _label(state: State, repository: Repository, name: str, said: Json) -> None:
    number = state.next_id()
    repository.labels[name] = {
        "id": number,
        "node_id": node_id("LA", number),
        "name": name,
        "color": said.get("color", "ededed"),
        "description": said.get("description"),
        "default": False,
    }


def _name(label: object) -> str:
    return str(label["name"]) if isinstance(label, dict) else str(label)


def permission(call: Call) -> Reply:
    """What a user may do in the repository."""
    login = call.names["username"]
    if login not in call.state.users:
        raise not_found()
    role = call.repository.collaborators.get(login, "none" if call.repository.private else "read")
    user = call.shapes.user(call.state.users[login])
    return Reply(body={"permission": role, "role_name": role, "user": user})
