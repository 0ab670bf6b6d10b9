import os
import sys
import json


def size(path: str) -> int:
    return len(path)


def width() -> int:
    return "80"


def height() -> int:
    return "25"
