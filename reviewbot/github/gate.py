"""May anything be written now? A pull request lives while it is reviewed."""

from dataclasses import dataclass, field

import anyio

from reviewbot.errors import ForgeError, ForgeRefused
from reviewbot.github.pull import read_pull_request
from reviewbot.github.reading import Reader
from reviewbot.review.pull_request import PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why nothing is written.

    Attributes:
        why: one line for the reader.
        stale: what was analysed is not what stands there now; what is said about that commit
            itself, and not about the pull request, stays right.
        overtaken: a verdict on what was analysed would be one on what nobody has seen.
        again: whether the same command may do more another time.
    """

    why: str
    stale: bool = False
    overtaken: bool = False
    again: bool = False


def obstacle_of(analysed: PullRequest, now: PullRequest) -> Obstacle | None:
    """What stands between a finished analysis and the pull request as it is now."""
    if now.repository_id != analysed.repository_id:
        return Obstacle(why="another repository stands at this address now")
    states = {
        "the pull request is merged": now.merged,
        "the pull request is closed": not now.open,
        "the conversation is locked": now.locked,
        "the pull request is a draft": now.draft,
    }
    for why, holds in states.items():
        if holds:
            return Obstacle(why=why, overtaken=now.head != analysed.head)
    if now.head != analysed.head:
        why = f"{analysed.head[:7]} was analysed and the head is {now.head[:7]} now"
        return Obstacle(why=why, stale=True, overtaken=True)
    if now.base_ref != analysed.base_ref:
        why = f"{analysed.base_ref} was the base and {now.base_ref} is now"
        return Obstacle(why=why, stale=True, overtaken=True, again=True)
    return None


@dataclass(slots=True, kw_only=True)
class Gate:
    """Reads the pull request again before something is written on it.

    Attributes:
        reader: asks the forge.
        analysed: as it was when its head was analysed.
        fresh: seconds for which a reading is good enough.
    """

    reader: Reader
    analysed: PullRequest
    fresh: float
    _obstacle: Obstacle | None = field(default=None, init=False)
    _good_until: float = field(default=float("-inf"), init=False)

    async def obstacle(self, *, now: bool = False) -> Obstacle | None:
        """What stands in the way, or None.

        Args:
            now: read in any case: a verdict hangs on it.
        """
        if now or anyio.current_time() >= self._good_until:
            self._obstacle = await self._read()
            self._good_until = anyio.current_time() + self.fresh
        return self._obstacle

    async def _read(self) -> Obstacle | None:
        pull = self.analysed
        try:
            found = await read_pull_request(self.reader, pull.repository, pull.number)
        except (ForgeError, ForgeRefused) as error:
            return Obstacle(why=f"the pull request cannot be read: {error}", again=True)
        return obstacle_of(pull, found)
