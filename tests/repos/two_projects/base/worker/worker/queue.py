def take(names: list[str]) -> str:
    return names.pop()
