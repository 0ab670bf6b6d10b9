def load(path: str, cache: list[str] = []) -> list[str]:
    try:
        with open(path) as lines:
            cache.extend(lines)
    except OSError:
        pass
    return cache


def empty(items: list[str]) -> bool:
    if len(items) == 0:
        return True
    else:
        return False
