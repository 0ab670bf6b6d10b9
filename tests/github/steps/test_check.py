"""The check run: fifty annotations at a time, none twice, right also when the head has moved."""

import pytest

from tests.fakes.forge.port import Forge
from tests.fakes.forge.publication import check, performed, review
from tests.fakes.forge.weather import LOST, Effect, Fault
from tests.fakes.forge.world import World


def lines(world: World) -> list[list[int]]:
    return [[each["start_line"] for each in check["all"]] for check in world.checks]


@pytest.mark.feature("G12")
@pytest.mark.parametrize(("count", "writes"), [(0, 1), (50, 1), (51, 2), (101, 3)])
def test_annotations_come_in_batches(count: int, writes: int) -> None:
    forge = Forge(world=World())
    (receipt,) = performed(forge, check(count))
    assert receipt.status == "done"
    assert [call.verb for call in forge.writes] == ["POST", *["PATCH"] * (writes - 1)]
    assert lines(forge.world) == [list(range(1, count + 1))]


@pytest.mark.feature("G12")
@pytest.mark.parametrize(
    ("effect", "delay"), [("none", 0), ("before", 0), ("late", 2), ("late", 8)]
)
@pytest.mark.parametrize("name", sorted(LOST))
@pytest.mark.parametrize("at", [3, 4])
def test_a_batch_whose_answer_was_lost_is_not_appended_twice(
    name: str, effect: Effect, delay: float, at: int
) -> None:
    forge = Forge(world=World(), faults={at: Fault(name, effect, delay)})
    (receipt,) = performed(forge, check(120))
    assert receipt.status == "done"
    assert [sorted(each) for each in lines(forge.world)] == [list(range(1, 121))]


@pytest.mark.feature("G12")
@pytest.mark.parametrize("is_known", [True, False])
def test_a_check_run_that_stands_gets_only_what_is_new(*, is_known: bool) -> None:
    world = World()
    performed(Forge(world=world), check(60))
    forge = Forge(world=world)
    (receipt,) = performed(forge, check(130, edits=world.checks[0]["id"] if is_known else None))
    assert receipt.status == "done"
    assert lines(world) == [list(range(1, 131))]
    assert [call.verb for call in forge.writes] == ["PATCH", "PATCH"]


def test_a_check_run_that_says_it_all_is_left_alone() -> None:
    world = World()
    performed(Forge(world=world), check(3))
    forge = Forge(world=world)
    (receipt,) = performed(forge, check(3, edits=world.checks[0]["id"]))
    assert (receipt.status, forge.writes) == ("unchanged", [])


@pytest.mark.feature("G28")
def test_without_its_permission_the_check_alone_is_left_out() -> None:
    world = World(permits=frozenset({"pull_requests"}))
    first, second = performed(Forge(world=world), check(), review())
    assert (first.status, second.status) == ("refused", "done")
    assert "`checks: write`" in first.detail


def test_the_check_of_a_commit_stays_right_when_the_head_moves_on() -> None:
    analysed, world = World(), World()
    world.push()
    said, checked = performed(Forge(world=world), review(), check(), analysed=analysed)
    assert (said.status, checked.status) == ("refused", "done")
    assert [each["head_sha"] for each in world.checks] == [analysed.head]


@pytest.mark.parametrize("state", ["closed", "locked"])
def test_a_closed_pull_request_gets_no_check_either(state: str) -> None:
    world = World(state="closed") if state == "closed" else World(locked=True)
    forge = Forge(world=world)
    (receipt,) = performed(forge, check(), analysed=World())
    assert (receipt.status, forge.writes) == ("refused", [])


def test_refused_annotations_do_not_cost_the_check() -> None:
    forge = Forge(world=World(), faults={2: Fault("422")})
    (receipt,) = performed(forge, check(120))
    assert (receipt.status, lines(forge.world)) == ("degraded", [[]])
    assert "annotations refused" in receipt.detail
