from shapes.core import area


def floor(width: float, depth: float) -> float:
    return area(width, depth)
