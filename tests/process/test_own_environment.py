"""What a child can still read of the environment we were started with."""

import json
import subprocess
import sys

_PROGRAM = """
import json, os, subprocess
from reviewbot.process import take_environment
taken = take_environment()
shown = subprocess.run(["cat", f"/proc/{os.getpid()}/environ"], capture_output=True, check=True)
inherited = subprocess.run(["env", "-0"], capture_output=True, check=True).stdout.decode()
print(json.dumps({
    "taken": taken.get("INPUT_GITHUB-TOKEN"),
    "own": os.environ.get("INPUT_GITHUB-TOKEN"),
    "shown": shown.stdout.decode().strip("\\0"),
    "inherited": sorted(each.partition("=")[0] for each in inherited.split("\\0") if each),
}))
"""


def test_a_secret_is_handed_over_and_nowhere_else_any_more() -> None:
    environment = {"INPUT_GITHUB-TOKEN": "canary", "HOME": "/", "PATH": "/usr/bin:/bin"}
    environment["LC_ALL"] = "C.UTF-8"

    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, check=True
    )

    found = json.loads(done.stdout)
    assert found["taken"] == "canary"
    assert found["own"] is None
    assert "canary" not in found["shown"]
    assert found["inherited"] == ["HOME", "LC_ALL", "PATH"]
