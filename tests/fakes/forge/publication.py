"""A publication on the forge in memory: what is to be said, and who says it."""

from collections.abc import Mapping

import anyio

from reviewbot.github.intents import Intents, SqliteIntents
from reviewbot.github.patience import Patience
from reviewbot.github.publish import Publisher
from reviewbot.github.snapshot import parse_pull_request
from reviewbot.review.actions import (
    Action,
    Anchor,
    Annotation,
    Event,
    InlineComment,
    OpenIssue,
    PostFileComment,
    Receipt,
    SubmitReview,
    WriteCheck,
    WriteSummary,
)
from reviewbot.review.marker import Kind, Marker, key_of, marker_line
from tests.fakes.forge.port import Forge
from tests.fakes.forge.time import at_once
from tests.fakes.forge.world import BOT, NUMBER, REPOSITORY_ID, World

HEAD = "a" * 40
QUICK = Patience(settle=(0.0, 0.0), first=0.0, rate=0.01)
"""For both event loops; the numbers of a real run need a clock that runs ahead."""


def publisher(  # noqa: PLR0913 - each is a choice of a test
    forge: Forge,
    *,
    analysed: World | None = None,
    own_id: int | None = BOT,
    intents: Intents | None = None,
    patience: Patience = QUICK,
    seconds: float = 300.0,
    has_read: bool = False,
) -> Publisher:
    """Whoever analysed the pull request as it stood in ``analysed``."""
    return Publisher(
        forge,
        parse_pull_request((analysed or World(author=forge.world.author)).pull()),
        own_id=own_id,
        deadline=anyio.current_time() + seconds,
        intents=SqliteIntents() if intents is None else intents,
        read_at=anyio.current_time() if has_read else None,
        patience=patience,
    )


def performed(
    forge: Forge,
    *steps: Action,
    analysed: World | None = None,
    intents: Intents | None = None,
    seconds: float = 600.0,
    has_read: bool = False,
) -> tuple[Receipt, ...]:
    """One run with the patience of a real one, in no time."""

    async def perform() -> tuple[Receipt, ...]:
        writer = publisher(
            forge,
            analysed=analysed,
            intents=intents,
            patience=Patience(),
            seconds=seconds,
            has_read=has_read,
        )
        return await writer.perform(steps)

    return at_once(perform)


def marked(kind: Kind, text: str, *, key: str = "", run: int = 1, head: str = HEAD) -> str:
    """A body with our marker on its first line."""
    per_head = head if kind in {"review", "check"} else ""
    key = key or key_of(REPOSITORY_ID, NUMBER, kind, per_head)
    return marker_line(Marker(kind=kind, key=key, head=head, run=run)) + f"\n\n{text}"


def review(event: Event = "COMMENT", lines: Mapping[int, str] | None = None) -> SubmitReview:
    """A review with a comment per line of ``a.py``."""
    found = {1: "first finding", 2: "second finding"} if lines is None else lines
    return SubmitReview(
        key=key_of(REPOSITORY_ID, NUMBER, "review", HEAD),
        event=event,
        commit=HEAD,
        body=marked("review", "what was found"),
        whole_body=marked("review", "\n\n".join(("what was found", *found.values()))),
        comments=tuple(
            InlineComment(
                key=f"{line:016x}",
                anchor=Anchor(path="a.py", line=line),
                body=marked("comment", text, key=f"{line:016x}"),
            )
            for line, text in found.items()
        ),
    )


def summary(text: str = "the summary", *, edits: int | None = None, run: int = 1) -> WriteSummary:
    """The sticky summary."""
    key = key_of(REPOSITORY_ID, NUMBER, "summary")
    return WriteSummary(key=key, body=marked("summary", text, run=run), edits=edits)


def file_comment(text: str = "of the whole file", *, path: str = "a.py") -> PostFileComment:
    """A comment on a whole file."""
    key = "f" * 16
    body = marked("comment", text, key=key)
    return PostFileComment(key=key, commit=HEAD, path=path, body=body)


def check(count: int = 3, *, edits: int | None = None) -> WriteCheck:
    """A check run with so many annotations."""
    return WriteCheck(
        key=key_of(REPOSITORY_ID, NUMBER, "check", HEAD),
        head=HEAD,
        conclusion="neutral",
        title="3 findings",
        summary="what was found",
        annotations=tuple(annotation(line) for line in range(1, count + 1)),
        edits=edits,
    )


def annotation(line: int) -> Annotation:
    """An annotation of one line."""
    return Annotation(
        path="a.py",
        start_line=line,
        end_line=line,
        level="warning",
        title="rule",
        message=f"finding {line}",
    )


def issue() -> OpenIssue:
    """The follow-up."""
    key = key_of(REPOSITORY_ID, NUMBER, "issue")
    body = marked("issue", "to be fixed")
    return OpenIssue(key=key, title="Findings of #12", body=body, labels=("bug",))
