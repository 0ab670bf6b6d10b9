import os


def page(number: int, seen: list[int] = []) -> str:
    return str(number)
