"""Every text that people see on a pull request, whole, against a file reviewed like code."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from reviewbot.render.pull_request import GitHubWords, render_commands, render_step_summary
from reviewbot.review.publishing.words import Withdrawal
from tests.render.pull_request.sample import (
    BLOCKED,
    CAUSED,
    DELETED,
    FENCED,
    HEAD,
    NAMELESS,
    PULL,
    ROWS,
    STARRED,
    TELLINGS,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "pull_request"
WORDS = GitHubWords()
WITHDRAWALS: tuple[Withdrawal, ...] = ("superseded", "resolved", "weaker")
COMMENT = WORDS.comment(ROWS["security"], PULL)
TEXTS: Mapping[str, Callable[[], str]] = {
    **{f"comment-{name}": partial(WORDS.comment, row, PULL) for name, row in ROWS.items()},
    "comment-deletes": lambda: WORDS.comment(ROWS["suggested"], PULL, rewrite=DELETED),
    "comment-replaces": lambda: WORDS.comment(ROWS["suggested"], PULL, rewrite=FENCED),
    "comment-back": lambda: WORDS.comment(ROWS["security"], PULL, came_back=True),
    "cause": lambda: WORDS.cause(CAUSED, PULL),
    "cause-alone": lambda: WORDS.cause([NAMELESS], PULL),
    "cause-back": lambda: WORDS.cause(CAUSED, PULL, unseen=2, came_back=True),
    "cause-folded": lambda: WORDS.cause(STARRED, PULL, unseen=1),
    "cause-hostile": lambda: WORDS.cause([ROWS["hostile"]], PULL),
    "closed-cause": lambda: WORDS.closed("settled", PULL, WORDS.cause(STARRED, PULL)),
    "closed-fixed": lambda: WORDS.closed("fixed", PULL, COMMENT),
    "closed-suppressed": lambda: WORDS.closed("suppressed", PULL, COMMENT),
    "closed-existing": lambda: WORDS.closed("existing", PULL, ""),
    "closed-repeated": lambda: WORDS.closed("repeated", PULL, ""),
    **{f"summary-{name}": partial(WORDS.summary, told) for name, told in TELLINGS.items()},
    **{f"review-{name}": partial(WORDS.review, told) for name, told in TELLINGS.items()},
    "review-whole": lambda: WORDS.whole_review(TELLINGS["blocked"]),
    "check": lambda: "\n---\n".join(WORDS.check(TELLINGS["blocked"])),
    "issue": lambda: "\n---\n".join(WORDS.issue(TELLINGS["blocked"])),
    "annotation": lambda: "\n---\n".join(WORDS.annotation(ROWS["hostile"])),
    "withdrawal": lambda: "\n".join(WORDS.withdrawal(why, HEAD) for why in WITHDRAWALS),
    "step-summary": lambda: render_step_summary(BLOCKED, PULL),
    "commands": lambda: render_commands(BLOCKED),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_posted_text_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    golden = GOLDEN / f"{name}.txt"
    rendered = TEXTS[name]().rstrip("\n") + "\n"

    if request.config.getoption("--update-golden"):
        golden.write_text(rendered, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == rendered
