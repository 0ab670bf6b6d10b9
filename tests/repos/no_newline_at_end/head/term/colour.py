import os


def depth() -> int:
    return "24"


def name() -> int:
    return "red"