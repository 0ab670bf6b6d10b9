"""A pull request in memory: what is performed on it is written down, refused, or breaks."""

from dataclasses import dataclass, field

from reviewbot.publication import Receipts, Standing
from reviewbot.review.actions import Action, Receipt


class AwayError(Exception):
    """Indicates a forge that is away in a way that nobody thought of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Takes what is to be performed, one step after another.

    A kind of action in `fails` is refused and gets a receipt that says so; one in `breaks` raises.
    `done` names the kinds that were asked for, in order, and `steps` keeps them whole.
    """

    stands: Standing
    fails: tuple[type[Action], ...] = ()
    breaks: tuple[type[Action], ...] = ()
    steps: list[Action] = field(default_factory=list)

    @property
    def done(self) -> list[str]:
        """The kinds of the steps so far."""
        return [type(each).__name__ for each in self.steps]

    async def standing(self) -> Standing:
        """What the desk was made with."""
        return self.stands

    async def perform(self, steps: tuple[Action, ...]) -> Receipts:
        """Write the steps down.

        Raises:
            AwayError: at a kind of step that breaks; the steps before it are done.
        """
        return tuple(self._performed(each) for each in steps)

    def _performed(self, step: Action) -> Receipt:
        if isinstance(step, self.breaks):
            raise AwayError
        self.steps.append(step)
        refused = isinstance(step, self.fails)
        return Receipt(action=type(step).__name__, status="refused" if refused else "done")
