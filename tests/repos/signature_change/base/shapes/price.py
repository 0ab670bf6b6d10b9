from shapes import core

PER_TILE = 0.25


def tiles() -> float:
    covered: float = core.area(3.0, 4.0)
    return covered / PER_TILE
