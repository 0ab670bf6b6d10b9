"""Assigning the author."""

from collections.abc import Mapping

from reviewbot.github.call import get, post
from reviewbot.github.desk import Desk
from reviewbot.github.written import Change, Written
from reviewbot.review.actions import AssignAuthor, Receipt


async def assign_author(desk: Desk, step: AssignAuthor) -> Receipt:
    """Assign the author.

    GitHub leaves out, without a word, whom it does not let be assigned; so its answer is read.
    """

    async def stands() -> bool | None:
        meaning = await desk.reader.ask(get(desk.pull_path))
        return _is_assigned(meaning.value, step.login) if meaning.ok else None

    call = post(f"{desk.issue_path}/assignees", {"assignees": [step.login]})
    written = await desk.writer.change(
        Change(kind="assignee", key=step.login, call=call, stands=stands)
    )
    answer = written.meaning.value if written.how == "sent" and written.meaning else None
    if answer is not None and not _is_assigned(answer, step.login):
        why = f"GitHub lets only people with access be assigned, and {step.login} has none"
        written = Written(how="refused", why=why)
    return desk.receipt(step, written)


def _is_assigned(record: object, login: str) -> bool:
    people = record.get("assignees") if isinstance(record, Mapping) else None
    return isinstance(people, list) and any(
        isinstance(each, Mapping) and each.get("login") == login for each in people
    )
