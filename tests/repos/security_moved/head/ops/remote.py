"""Remote access."""

import subprocess


def host() -> str:
    return "example.org"


def run(command: str) -> int:
    return subprocess.call(command, shell=True)
