from shapes.core import area, label, volume


def floor(width: float, depth: float) -> float:
    return area(width, depth)


def air(width: float, depth: float) -> float:
    return volume(width, depth, 2.5)


def title(name: str) -> str:
    return label(name)
