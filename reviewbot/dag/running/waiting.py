"""What a unit waits for without holding its slot: a retry's delay, room in the budgets."""

from reviewbot.dag.policy import Amounts
from reviewbot.dag.running.ledger import BudgetError, Reservation
from reviewbot.dag.running.limit import within
from reviewbot.dag.running.unit import Surroundings, Unit


async def delay(seconds: float, unit: Unit, around: Surroundings, end: float) -> None:
    """Let `seconds` pass on the run's clock.

    Raises:
        AttemptTimeoutError: the moment `end` came first.
        RunEndedError: the run ended.
    """
    await within(around.pause(unit, seconds), unit, around, None, end)


async def room(amounts: Amounts, unit: Unit, around: Surroundings, end: float) -> Reservation:
    """Hold this much of the budgets; there may be no waiting at all.

    Raises:
        BudgetError: there can never be room for it.
        AttemptTimeoutError: the moment `end` came first.
        RunEndedError: the run ended.
    """
    ledger = around.ledger
    why = ledger.impossible(amounts)
    if why:
        raise BudgetError(why)
    if ledger.fits(amounts):
        return ledger.reserve(amounts)
    request = ledger.request(amounts, unit.node.policy.priority)
    try:
        await within(around.apart(unit, request.granted), unit, around, None, end)
    except BaseException:
        request.withdraw()
        raise
    return await request.granted()
