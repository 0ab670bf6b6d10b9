"""Runs what the operator asks for."""

import subprocess
import json


def run(command: str) -> int:
    return subprocess.call(command, shell=True)


def exit_code(raw: str) -> int:
    return raw.strip()
