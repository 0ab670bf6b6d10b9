"""What every step of a publication works with: who we are, where we write, and what is closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import ValidationError

from reviewbot.github.call import listing
from reviewbot.github.failure import missing_permissions
from reviewbot.github.gate import Gate
from reviewbot.github.items import Owner
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.permission import Permission, permission_of
from reviewbot.github.pull import repository_path
from reviewbot.github.reading import Reader, Record
from reviewbot.github.writing import Writer
from reviewbot.github.written import Sought, Written
from reviewbot.review.actions import Action, Receipt
from reviewbot.review.pull_request import PullRequest

Status = Literal["done", "unchanged", "degraded", "refused", "unknown"]

Ours = Callable[[tuple[Record, ...]], tuple[int, ...]]

_EVERYTHING = frozenset({AnswerKind.AUTH, AnswerKind.RATE})


@dataclass(slots=True, kw_only=True)
class Desk:
    """The place of one publication.

    Attributes:
        pull: as it was analysed.
        owner: tells our items from others'.
        reader: asks the forge.
        writer: changes it.
        gate: whether anything may be written now.
        closed: permission → why nothing that needs it is tried any more in this run.
        ended: why nothing at all is tried any more, or empty.
    """

    pull: PullRequest
    owner: Owner
    reader: Reader
    writer: Writer
    gate: Gate
    closed: dict[Permission, str] = field(default_factory=dict)
    ended: str = ""

    @property
    def root(self) -> str:
        """The path of the repository."""
        return repository_path(self.pull.repository)

    @property
    def pull_path(self) -> str:
        """The path of the pull request."""
        return f"{self.root}/pulls/{self.pull.number}"

    @property
    def issue_path(self) -> str:
        """The path of its conversation."""
        return f"{self.root}/issues/{self.pull.number}"

    async def sought(self, path: str, ours: Ours) -> Sought:
        """Look through a whole list for what is ours.

        Args:
            path: of the list.
            ours: the numbers of our items in it, oldest first.
        """
        pages = await self.reader.read_all(listing(path))
        try:
            return Sought(ids=ours(pages.items), gap=pages.why)
        except ValidationError:
            return Sought(gap=f"{path} lists something else")

    async def may(self, *, now: bool = False, about_head: bool = False) -> Written | None:
        """The end of a matter when the pull request stands in its way.

        Args:
            now: read it in any case.
            about_head: what is to be written stays right when the head has moved on.
        """
        obstacle = await self.gate.obstacle(now=now)
        if obstacle is None or (about_head and obstacle.stale):
            return None
        return Written(how="refused", why=obstacle.why, again=obstacle.again)

    def receipt(self, step: Action, written: Written, *, routes: str = "") -> Receipt:
        """The receipt of a step; what a refusal closes stays closed for the rest of the run.

        Args:
            step: what was to be done.
            written: what became of it.
            routes: the ways that were taken instead of the one asked for; told when one of them
                led somewhere.
        """
        routes = routes if written.stands else ""
        why = self._why(written, permission_of(step)) or self._learnt(written)
        return Receipt(
            action=type(step).__name__,
            status=_status(written, degraded=bool(routes)),
            key=_key_of(step),
            id=written.id,
            detail="; ".join(each for each in (routes, why) if each),
            again=written.again,
        )

    def _learnt(self, written: Written) -> str:
        """Who we are: when what we wrote bears another account, that is the one we write as."""
        answer = None if written.meaning is None else written.meaning.value
        user = answer.get("user") if isinstance(answer, Mapping) else None
        number = user.get("id") if isinstance(user, Mapping) else None
        if not isinstance(number, int) or number == self.owner.own_id:
            return ""
        before, self.owner = self.owner.own_id, replace(self.owner, own_id=number)
        return f"this token writes as account {number}, not as {before}"

    def _why(self, written: Written, permission: Permission) -> str:
        """Word of what happened; what would be refused like it is not tried any more."""
        if written.stands or written.meaning is None:
            return written.why
        if written.kind in _EVERYTHING:
            self.ended = written.why
        if written.kind is not AnswerKind.PERMISSION:
            return written.why
        missing = missing_permissions(written.meaning) or permission
        why = f"not permitted ({written.why}): add `{missing}` to `permissions:` of the job"
        self.closed[permission] = why
        return why


def untried(step: Action, why: str, *, again: bool = False) -> Receipt:
    """The receipt of a step for which nothing was sent."""
    return Receipt(
        action=type(step).__name__, status="refused", key=_key_of(step), detail=why, again=again
    )


def _status(written: Written, *, degraded: bool) -> Status:
    if not written.stands:
        return "unknown" if written.how == "unknown" else "refused"
    if degraded:
        return "degraded"
    return "unchanged" if written.how == "stood" else "done"


def _key_of(step: Action) -> str:
    return str(getattr(step, "key", ""))
