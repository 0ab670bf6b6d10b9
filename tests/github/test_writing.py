"""What is to be made once is made once: every kind of mishap, before and after the effect."""

from pathlib import Path

import anyio
import pytest

from reviewbot.github.intents import SqliteIntents
from reviewbot.github.patience import Patience
from reviewbot.review.actions import Action, Receipt
from tests.fakes.forge import publication
from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import (
    check,
    file_comment,
    issue,
    publisher,
    review,
    summary,
)
from tests.fakes.forge.time import at_once
from tests.fakes.forge.weather import LOST, REFUSED, Effect, Fault
from tests.fakes.forge.world import World

MADE_AT = 2
"""The number of the call that makes something: the pull request and the list come before it."""

STEPS: tuple[Action, ...] = (review(), summary(), file_comment(), check(), issue())
LIMITS = {"403 secondary", "403 primary", "403 retry-after", "429", "429 retry-after"}
LATER = {"unsent", "401", "403 retry-after a day"}

steps = pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)


def standing(world: World, step: Action) -> int:
    kinds = {
        "SubmitReview": world.reviews,
        "WriteSummary": world.comments,
        "PostFileComment": world.review_comments,
        "WriteCheck": world.checks,
        "OpenIssue": world.issues,
    }
    return len(kinds[type(step).__name__])


def performed(
    forge: Forge, step: Action, *, intents: SqliteIntents | None = None, seconds: float = 600.0
) -> Receipt:
    (receipt,) = publication.performed(forge, step, intents=intents, seconds=seconds)
    return receipt


@steps
def test_the_table_knows_which_call_makes_the_thing(step: Action) -> None:
    forge = Forge(world=World())
    performed(forge, step)
    assert [forge.sent.index(call) for call in forge.writes] == [MADE_AT]


@pytest.mark.feature("R13")
@pytest.mark.parametrize(
    ("effect", "delay", "writes"),
    [("none", 0.0, 2), ("before", 0.0, 1), ("late", 2.0, 1), ("late", 11.0, 1)],
)
@pytest.mark.parametrize("name", sorted(LOST))
@steps
def test_a_lost_answer_is_read_back(
    step: Action, name: str, effect: Effect, delay: float, writes: int
) -> None:
    forge = Forge(world=World(), faults={MADE_AT: Fault(name, effect, delay)})
    receipt = performed(forge, step)
    assert (receipt.status, standing(forge.world, step)) == ("done", 1)
    assert receipt.id is not None
    assert len(forge.writes) == writes


@pytest.mark.feature("G28")
@pytest.mark.parametrize("name", sorted(REFUSED.keys() - {"422"}))
@steps
def test_a_limit_is_waited_out_and_any_other_refusal_is_said(step: Action, name: str) -> None:
    forge = Forge(world=World(), faults={MADE_AT: Fault(name)})
    receipt = performed(forge, step)
    expected = ("done", 1) if name in LIMITS else ("refused", 0)
    assert (receipt.status, standing(forge.world, step)) == expected
    assert receipt.again is (name in LATER)
    assert bool(receipt.detail) is (name not in LIMITS)


def test_a_refused_review_that_was_kept_all_the_same_is_found() -> None:
    forge = Forge(world=World(), faults={MADE_AT: Fault("422", "before")})
    assert performed(forge, review()).status == "done"
    assert len(forge.world.reviews) == len(forge.writes) == 1


@pytest.mark.feature("R13")
@pytest.mark.parametrize("effect", ["none", "before", "late"])
@pytest.mark.parametrize("name", sorted(LOST))
@steps
def test_whoever_has_just_read_looks_before_the_second_sending_only(
    step: Action, name: str, effect: Effect
) -> None:
    calm = Forge(world=World())
    publication.performed(calm, step, has_read=True)
    at = next(number for number, call in enumerate(calm.sent) if call.writes)
    forge = Forge(world=World(), faults={at: Fault(name, effect)})
    (receipt,) = publication.performed(forge, step, has_read=True)
    assert (receipt.status, standing(forge.world, step)) == ("done", 1)


def test_a_list_of_long_ago_is_read_again() -> None:
    forge = Forge(world=World())

    async def perform() -> str:
        writer = publisher(forge, patience=Patience(), has_read=True)
        performed_by_another = publisher(forge, patience=Patience())
        await performed_by_another.perform((review(),))
        await anyio.sleep(31.0)
        (receipt,) = await writer.perform((review(),))
        return receipt.status

    assert at_once(perform) == "unchanged"
    assert len(forge.world.reviews) == 1


def test_what_this_run_has_sent_itself_is_looked_for() -> None:
    forge = Forge(world=World())

    async def perform() -> list[str]:
        writer = publisher(forge, patience=Patience(), has_read=True)
        receipts = await writer.perform((review(), review()))
        return [each.status for each in receipts]

    assert at_once(perform) == ["done", "unchanged"]


@steps
def test_three_sendings_are_the_most(step: Action) -> None:
    class Storm(dict[int, Fault]):
        """Every write is lost."""

        def get(self, number: int, default: Fault | None = None) -> Fault | None:  # type: ignore[override]  # narrower on purpose
            return Fault("502 html") if forge.sent[number].writes else default

    forge = Forge(world=World())
    forge.faults = Storm()
    receipt = performed(forge, step)
    assert (receipt.status, receipt.again, len(forge.writes)) == ("unknown", True, 3)


@steps
def test_without_a_complete_list_nothing_is_sent_and_nothing_guessed(step: Action) -> None:
    lists = {MADE_AT + number: Fault("502 html") for number in range(1, 9)}
    lost = {MADE_AT: Fault("connection reset", "before")}
    forge = Forge(world=World(), faults={**lost, **lists})
    receipt = performed(forge, step)
    assert (receipt.status, receipt.again, len(forge.writes)) == ("unknown", True, 1)
    forge = Forge(world=World(), faults={number: Fault("502 html") for number in range(1, 9)})
    receipt = performed(forge, step)
    assert (receipt.status, receipt.again, len(forge.writes)) == ("refused", True, 0)


@pytest.mark.feature("S24")
def test_a_run_that_was_killed_leaves_a_doubt_that_the_next_one_settles(tmp_path: Path) -> None:
    """The effect of the killed run lands while the next one looks for the first time."""
    step = review()
    forge = Forge(world=World(), faults={MADE_AT: Fault("deadline", "late", 34.0)})

    async def killed() -> None:
        with anyio.move_on_after(25.0):
            await publisher(forge, intents=rows, patience=Patience()).perform((step,))

    async def both() -> Receipt:
        await killed()
        assert [each.state for each in rows.every("500/12")] == ["intended"]
        (receipt,) = await publisher(forge, intents=rows, patience=Patience()).perform((step,))
        return receipt

    with SqliteIntents(tmp_path / "intents") as rows:
        assert at_once(both).status == "done"
        assert [each.state for each in rows.every("500/12")] == ["intended", "done"]
    assert len(forge.world.reviews) == len(forge.writes) == 1


@pytest.mark.feature("S24")
@steps
def test_the_intent_is_there_before_the_first_byte_and_the_receipt_after(step: Action) -> None:
    states: list[str] = []
    with SqliteIntents() as rows:
        forge = Forge(
            world=World(),
            events={MADE_AT: lambda _: states.extend(each.state for each in rows.every("500/12"))},
        )
        receipt = performed(forge, step, intents=rows)
        assert states == ["intended"]
        (row,) = rows.every("500/12")
        assert (row.state, row.id) == ("done", receipt.id)


def test_a_limit_longer_than_the_run_leaves_the_intent() -> None:
    forge = Forge(world=World(), faults={MADE_AT: Fault("403 retry-after a day")})
    with SqliteIntents() as rows:
        receipt = performed(forge, review(), intents=rows)
        assert [each.state for each in rows.every("500/12")] == ["intended"]
    assert (receipt.status, receipt.again) == ("refused", True)
    assert "86400 seconds" in receipt.detail


@pytest.mark.parametrize("seconds", [0.0, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("name", ["deadline", "429", "502 html"])
def test_the_time_of_a_run_holds(name: str, seconds: float) -> None:
    forge = Forge(world=World(), faults={number: Fault(name) for number in range(100)})

    async def perform() -> float:
        start = anyio.current_time()
        await publisher(forge, patience=Patience(), seconds=seconds).perform(STEPS)
        return anyio.current_time() - start

    assert at_once(perform) <= seconds + 0.1


def test_a_list_that_lags_behind_is_read_twice() -> None:
    """The first look after a lost answer shows an old list."""
    step = review()
    old = Fault("stale list")
    faults = {MADE_AT: Fault("connection reset", "before"), MADE_AT + 1: old}
    forge = Forge(world=World(), faults=faults)
    assert performed(forge, step).status == "done"
    assert len(forge.world.reviews) == 1
