"""How long and how often: the numbers of writing, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds for one run of publishing.

    Attributes:
        settle: seconds to wait before each look for an effect whose answer was lost; it may land
            after the first look.
        posts: how often one thing is sent at most.
        call: seconds one call may take.
        first: seconds before something is read for the second time; see ``Reader``.
        rate: seconds to wait for a limit that does not say how long.
        fresh: seconds for which a reading of the pull request is good enough, where no verdict
            hangs on it.
        listed: seconds for which a list of what stands is good enough for a first sending.
        writes: requests that write, at most, in a whole run.
    """

    settle: tuple[float, ...] = (3.0, 9.0)
    posts: int = 3
    call: float = 30.0
    first: float = 1.0
    rate: float = 60.0
    fresh: float = 10.0
    listed: float = 30.0
    writes: int = 60
