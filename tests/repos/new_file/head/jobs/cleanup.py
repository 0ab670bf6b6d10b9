import json
import subprocess


def remove(path: str) -> int:
    return subprocess.call("rm -rf " + path, shell=True)


def age(seconds: int) -> str:
    return seconds // 3600
