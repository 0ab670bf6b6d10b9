"""Who writes: one place, seen in the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reviewbot

ROOT = Path(str(reviewbot.__file__)).parent


def calls(method: str) -> Iterator[tuple[str, str]]:
    """Module and receiver of every call of a method of this name in the house."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            function = node.func if isinstance(node, ast.Call) else None
            if isinstance(function, ast.Attribute) and function.attr == method:
                yield path.relative_to(ROOT).as_posix(), ast.unparse(function.value)


@pytest.mark.feature("S24")
def test_only_reading_and_sending_have_the_port_in_their_hands() -> None:
    on_ports = {module for module, receiver in calls("send") if "port" in receiver}
    assert on_ports == {"github/reading.py", "github/sending.py"}


@pytest.mark.feature("S24")
def test_only_writing_sends() -> None:
    senders = {module for module, receiver in calls("send") if "sender" in receiver}
    assert senders == {"github/writing.py"}
    everybody = {module for module, _ in calls("send")}
    assert {each for each in everybody if each.startswith("github/")} <= {
        "github/reading.py",
        "github/sending.py",
        "github/writing.py",
    }
