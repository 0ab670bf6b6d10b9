"""The review: one call with everything in it, tied to the commit that was analysed."""

from dataclasses import dataclass, field, replace

from reviewbot.github.call import Call, post
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import AnswerKind, Meaning
from reviewbot.github.reading import Record
from reviewbot.github.routes import Form, body_of, first_form, next_form, refusal_of
from reviewbot.github.steps.dismissal import dismissed
from reviewbot.github.written import Change, Creation, Sought, Written, refusal
from reviewbot.review.actions import Receipt, SubmitReview

_NEGOTIABLE = frozenset({AnswerKind.VALIDATION, AnswerKind.PERMISSION})


async def submit_review(desk: Desk, step: SubmitReview) -> Receipt:
    """Post the review in the first form that is taken.

    After a verdict the head is read once more: one that moved meanwhile has not been seen, so the
    verdict is taken back.
    """
    form, said = first_form(step, is_own=desk.pull.author_id == desk.owner.own_id)
    draft = _Draft(desk=desk, step=step, form=form, routes=[said] if said else [])
    written = await desk.writer.create(
        Creation(
            kind="review",
            key=step.key,
            call=draft.call(),
            find=draft.find,
            may=draft.may,
            reroute=draft.reroute,
        )
    )
    if written.stands and draft.form.event != "COMMENT":
        written = await _if_still_right(desk, written, draft)
    return desk.receipt(step, written, routes="; ".join(draft.routes))


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A review on its way: its form, what was said about it, and what blocks it."""

    desk: Desk
    step: SubmitReview
    form: Form
    routes: list[str]
    pending: int | None = field(default=None, init=False)

    def call(self) -> Call:
        return post(f"{self.desk.pull_path}/reviews", body_of(self.step, self.form))

    async def find(self) -> Sought:
        return await self.desk.sought(f"{self.desk.pull_path}/reviews", self._ours)

    def _ours(self, records: tuple[Record, ...]) -> tuple[int, ...]:
        """Submitted ones with our key; one that was left unsubmitted is noted, it is in the way."""
        same = [
            each
            for each in self.desk.owner.reviews(records)
            if each.marker is not None and each.marker.key == self.step.key
        ]
        self.pending = next((each.id for each in same if each.state == "PENDING"), None)
        return tuple(each.id for each in same if each.state != "PENDING")

    async def may(self) -> Written | None:
        """Nothing about another commit than the head; and our own unsubmitted review goes first."""
        end = await self.desk.may(now=True)
        if end is None and self.pending is not None:
            end = await self._discard(self.pending)
        return end

    async def reroute(self, meaning: Meaning) -> Call | Written:
        end = await self.desk.may(now=True)
        if end is not None:
            return end
        if meaning.kind not in _NEGOTIABLE:
            return refusal(meaning)
        if self.pending is not None:  # that was in the way; ``may`` clears it
            return self.call()
        other = next_form(self.form, refusal_of(meaning))
        if other is None:
            return refusal(meaning)
        self.form, said = other
        self.routes.append(said)
        return self.call()

    async def _discard(self, number: int) -> Written | None:
        async def gone() -> bool | None:
            sought = await self.find()
            return None if sought.gap else self.pending is None

        path = f"{self.desk.pull_path}/reviews/{number}"
        call = Call(verb="DELETE", path=path, expects="item")
        written = await self.desk.writer.change(
            Change(kind="pending review", key=str(number), call=call, stands=gone)
        )
        return None if written.stands else written


async def _if_still_right(desk: Desk, written: Written, draft: _Draft) -> Written:
    """The verdict, unless the pull request moved on: then without it.

    Nobody can tell whether an approval is still right when the pull request cannot be read.
    """
    obstacle = await desk.gate.obstacle(now=True)
    blind = obstacle is not None and obstacle.again and draft.form.event == "APPROVE"
    if obstacle is None or written.id is None or not (obstacle.overtaken or blind):
        return written if obstacle is None else replace(written, again=obstacle.again)
    back = await dismissed(desk, written.id, f"{obstacle.why}: taken back")
    if back.stands:
        draft.routes.append(f"{obstacle.why}: the verdict was taken back")
        return written
    why = f"{obstacle.why}, and the verdict could not be taken back ({back.why})"
    return Written(how="unknown", id=written.id, why=why, again=True)
