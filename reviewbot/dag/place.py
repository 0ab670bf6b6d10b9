"""An error about a part of a value, which names the place."""

from typing import Self


class PlaceError(ValueError):
    """Indicates a part of a value that cannot be written, read or told by its content.

    The text names the place from the outside in, e.g. `list[3].socket is a socket`.
    """

    def __init__(self, what: str, root: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.root = root
        self.steps: list[str] = []

    def inside(self, step: str) -> Self:
        """The same error, one step further out."""
        self.steps.append(step)
        return self

    def __str__(self) -> str:
        return f"{self.root}{''.join(reversed(self.steps))} {self.what}".strip()
