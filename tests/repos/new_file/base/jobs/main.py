import sys


def run() -> None:
    print("running")
