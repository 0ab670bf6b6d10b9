"""Making something that takes one form only."""

from functools import partial

from reviewbot.github.call import Call
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import Meaning
from reviewbot.github.written import Creation, Find, Written, refusal


async def once(
    desk: Desk, *, kind: str, key: str, call: Call, find: Find, listed: bool = True
) -> Written:
    """Make it unless it is there; a refusal is the end, after a look at whether the world moved."""

    async def reroute(meaning: Meaning) -> Written:
        return await desk.may(now=True) or refusal(meaning)

    may = partial(desk.may, now=False)
    creation = Creation(
        kind=kind, key=key, call=call, find=find, may=may, reroute=reroute, listed=listed
    )
    return await desk.writer.create(creation)
