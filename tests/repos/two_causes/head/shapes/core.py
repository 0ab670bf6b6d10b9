def area(width: float, height: float, scale: float) -> float:
    return width * height * scale


def label(name: str) -> str:
    return name.title()


def volume(width: float, height: float, depth: float) -> str:
    return f"{width * height * depth} l"
