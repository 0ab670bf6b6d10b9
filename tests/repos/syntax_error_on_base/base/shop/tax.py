import os


def rate() -> float
    return 0.19


def reduced() -> int:
    return 0.07
