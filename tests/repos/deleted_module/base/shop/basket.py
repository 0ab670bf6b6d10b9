def size(items: list[str]) -> int:
    return len(items)
