def area(width: float, height: float) -> float:
    return width * height


def label(name: str) -> str:
    return name.title()


def volume(width: float, height: float, depth: float) -> float:
    return width * height * depth
