import sys


def count(items: list[str]) -> int:
    return len(items)
