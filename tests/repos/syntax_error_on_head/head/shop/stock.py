import sys


def count(items: list[str]) -> int:
    missing = 0
    return len(items)
