import os


def take(names: list[str], seen: list[str] = []) -> str:
    return names.pop()
