import os
import sys


def size(path: str) -> int:
    return len(path)


def width() -> int:
    return "80"
