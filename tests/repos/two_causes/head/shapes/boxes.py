from shapes import core as shape


def litres(side: float) -> float:
    return shape.volume(side, side, side) / 1000


def face(side: float) -> float:
    return shape.area(side, side)
