"""A program that is kept in memory and forked has no more power than one that is executed."""

import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reviewbot.errors import ToolCrashed, ToolTimedOut
from reviewbot.process import Command, Limits, Sandbox
from reviewbot.process.preloaded import Preloaded, scripts
from reviewbot.process.syscalls import why_unfiltered
from tests.process.conftest import Probe, family

pytestmark = pytest.mark.anyio

_SCRIPT = """\
#!{python}
import sys
sys.path.insert(0, {folder!r})
from probe import main
sys.exit(main())
"""


@pytest.fixture
def anyio_backend() -> str:
    """Nothing here is about the loop."""
    return "asyncio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The probe as a console script that is kept in memory, if somebody keeps it."""

    probe: Probe
    script: Path

    @property
    def preloaded(self) -> Preloaded:
        folders = (str(self.probe.path.parent),)
        argv = (str(self.script),)
        return Preloaded(argv=argv, folders=folders, module="probe", function="main")

    def attack(self, *words: str, **more: Any) -> Command:
        command = self.probe.attack(*words)
        return replace(command, argv=(str(self.script), *words), **more)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Sandbox]:
        """A door that imports it."""
        sandbox = Sandbox((self.preloaded,))
        async with sandbox.ready():
            yield sandbox


@pytest.fixture
def tool(probe: Probe, open_directory: Path) -> Tool:
    script = open_directory / "tool"
    script.write_text(_SCRIPT.format(python=probe.python, folder=str(open_directory)))
    script.chmod(0o755)
    return Tool(probe=probe, script=script)


async def test_it_is_what_an_executed_program_is(tool: Tool) -> None:
    """User id, capabilities, filter, limits, descriptors, signals, environment, arguments: all."""
    attack = tool.attack("itself", environment={"ADDED": "1"}, limits=Limits(open_files=77))
    executed = _facts((await Sandbox().run(attack)).stdout)
    async with tool.kept() as sandbox:
        completed = await sandbox.run(attack)
    assert _facts(completed.stdout) == executed, completed.stderr
    assert executed["status"]["NoNewPrivs"] == ["1"]
    assert (executed["status"]["Uid"][0] == "0") is not tool.probe.separate


async def test_it_was_not_imported_again(tool: Tool) -> None:
    module = tool.probe.path
    async with tool.kept() as sandbox:
        await sandbox.run(tool.attack("exit", "none"))
        module.write_text("raise SystemExit(9)")
        completed = await sandbox.run(tool.attack("exit", "seven"))
    assert completed.returncode == 7


def _facts(printed: bytes) -> Any:
    """Without what no two processes have in common."""
    facts = json.loads(printed)
    home = facts["environment"]["HOME"]
    return json.loads(json.dumps(facts).replace(home, "<home>"))


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("exit", "none"), 0, ""),
        (("exit", "seven"), 7, ""),
        (("exit", "words"), 1, "no good"),
        (("raise",), 1, "IndexError: pop from empty list"),
        (("interrupt",), -signal.SIGINT, "KeyboardInterrupt"),
    ],
)
async def test_it_ends_as_the_interpreter_would(
    tool: Tool, words: tuple[str, ...], code: int, complaint: str
) -> None:
    executed = await Sandbox().run(tool.attack(*words))
    async with tool.kept() as sandbox:
        forked = await sandbox.run(tool.attack(*words))
    for completed in (executed, forked):
        assert completed.returncode == code
        assert complaint in completed.stderr.decode()


@pytest.mark.parametrize("attack", ["daemon", "loud_daemon"])
async def test_a12_a_daemon_dies_with_it(tool: Tool, attack: str) -> None:
    async with tool.kept() as sandbox:
        completed = await sandbox.run(tool.attack(attack))
        assert completed.returncode == 0
        assert completed.seconds < 2
        assert len(family(os.getpid())) == 2  # the launchers
    assert family(os.getpid()) == set()


@pytest.mark.parametrize("attack", ["stopped", "deaf", "few_forks"])
async def test_a12_its_whole_tree_dies_at_its_deadline(tool: Tool, attack: str) -> None:
    started = time.monotonic()
    async with tool.kept() as sandbox:
        with pytest.raises(ToolTimedOut, match=r"was killed after 0\.2 s"):
            await sandbox.run(tool.attack(attack, "stay", limits=Limits(seconds=0.2)))
        assert len(family(os.getpid())) == 2
    assert time.monotonic() - started < 4
    assert family(os.getpid()) == set()


async def test_a12_who_kills_its_supervisor_dies_too(tool: Tool) -> None:
    async with tool.kept() as sandbox:
        if tool.probe.separate:
            completed = await sandbox.run(tool.attack("assassin"))
            assert b"PermissionError" in completed.stderr
        else:
            with pytest.raises(ToolCrashed, match="ended together with its supervisor"):
                await sandbox.run(tool.attack("assassin"))
        assert len(family(os.getpid())) == 2
    assert family(os.getpid()) == set()


async def test_a7_its_memory_and_its_files_are_limited(tool: Tool) -> None:
    async with tool.kept() as sandbox:
        memory = await sandbox.run(tool.attack("memory", limits=Limits(memory=1 << 30)))
        file = await sandbox.run(tool.attack("big_file", limits=Limits(file_size=32 << 20)))
    assert memory.stdout == b"refused\n"
    assert b"File too large" in file.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: the same user may look at us")
async def test_a13_it_cannot_look_into_anybody_above(tool: Tool) -> None:
    async with tool.kept() as sandbox:
        lines = (await sandbox.run(tool.attack("spy"))).stdout.decode().splitlines()
    looked = {int(line.split()[0]) for line in lines}
    assert os.getpid() in looked
    assert [line for line in lines if "refused" not in line] == []


@pytest.mark.skipif(bool(why_unfiltered()), reason=why_unfiltered())
async def test_a5_nothing_of_it_leaves_the_machine(tool: Tool) -> None:
    async with tool.kept() as sandbox:
        completed = await sandbox.run(tool.attack("phone", "9"))
    lines = completed.stdout.decode().splitlines()
    allowed = [line for line in lines if line.endswith("allowed")]
    assert allowed == ["AF_UNIX allowed", "socketpair allowed", "thread allowed"], completed.stderr
    assert len(lines) == 14, completed.stderr


@pytest.mark.parametrize("text", ["import no_such_module", "raise RuntimeError('broken')"])
async def test_what_cannot_be_imported_is_executed_and_says_why_itself(
    tool: Tool, text: str
) -> None:
    tool.probe.path.write_text(text)
    async with tool.kept() as sandbox:
        completed = await sandbox.run(tool.attack("exit", "seven"))
    assert completed.returncode == 1
    assert text.partition("(")[0].split()[-1].encode() in completed.stderr


async def test_an_environment_too_large_to_be_shown_is_executed(tool: Tool) -> None:
    """Its home in ``/proc`` is how it is found when its supervisor is gone."""
    large = {"LARGE": "x" * 9000}
    async with tool.kept() as sandbox:
        completed = await sandbox.run(tool.attack("itself", environment=large))
    assert json.loads(completed.stdout)["environment"]["LARGE"] == large["LARGE"]


async def test_a_killed_launcher_of_such_programs_is_replaced(tool: Tool) -> None:
    async with tool.kept() as sandbox:
        for launcher in family(os.getpid()):
            os.kill(launcher, signal.SIGKILL)
        completed = await sandbox.run(tool.attack("exit", "seven"))
    assert completed.returncode == 7
    assert family(os.getpid()) == set()


def test_only_a_script_beside_our_interpreter_can_be_kept() -> None:
    found = scripts(
        [("mypy", "mypy.__main__", "console_entry"), ("git", "a", "b"), ("no", "c", "d")]
    )
    assert [each.argv for each in found] == [(str(Path(sys.executable).parent / "mypy"),)]
    assert all(Path(folder, "mypy").is_dir() for folder in found[0].folders)
