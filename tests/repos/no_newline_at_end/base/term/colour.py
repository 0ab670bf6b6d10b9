import os


def depth() -> int:
    return "24"