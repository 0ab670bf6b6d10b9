"""What a hostile program tries, and what is left of it afterwards: nothing."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from reviewbot.errors import ToolCrashed, ToolTimedOut
from reviewbot.process import Command, Limits, Sandbox
from reviewbot.process.identity import why_impossible
from reviewbot.process.launching import Launcher
from reviewbot.process.syscalls import why_unfiltered
from tests.process.conftest import Probe, family, supervisors

pytestmark = pytest.mark.anyio
once = pytest.mark.parametrize("anyio_backend", ["asyncio"])  # nothing here is about the loop
ROOT = Path(__file__).parents[2]


@pytest.fixture
def homes(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the homes of this test's programs are made."""
    directory = open_directory / "homes"
    directory.mkdir(mode=0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


@pytest.mark.parametrize("attack", ["daemon", "loud_daemon"])
async def test_a12_a_daemon_dies_with_the_program_that_left_it(probe: Probe, attack: str) -> None:
    completed = await Sandbox().run(probe.attack(attack))
    assert completed.returncode == 0
    assert completed.seconds < 2
    assert probe.survivors() == []


@once
@pytest.mark.parametrize("attack", ["stopped", "deaf", "few_forks"])
async def test_a12_a_whole_tree_dies_at_its_deadline(probe: Probe, attack: str) -> None:
    started = time.monotonic()
    with pytest.raises(ToolTimedOut, match=r"was killed after 0\.2 s"):
        await Sandbox().run(probe.attack(attack, "stay", limits=Limits(seconds=0.2)))
    assert time.monotonic() - started < 4
    assert probe.survivors() == []


async def test_a12_a_fork_bomb_is_outrun(stranger: Probe) -> None:
    with pytest.raises(ToolTimedOut):
        await Sandbox().run(stranger.attack("fork_bomb", limits=Limits(seconds=0.2)))
    assert stranger.survivors() == []


async def test_a12_a_cancelled_run_leaves_no_process(probe: Probe) -> None:
    with anyio.move_on_after(0.2) as scope:
        await Sandbox().run(probe.attack("few_forks", "stay"))
    assert scope.cancelled_caught
    assert probe.survivors() == []


async def test_a12_who_kills_its_supervisor_dies_too(probe: Probe) -> None:
    if probe.separate:
        completed = await Sandbox().run(probe.attack("assassin"))
        assert b"PermissionError" in completed.stderr
    else:
        with pytest.raises(ToolCrashed, match="ended together with its supervisor"):
            await Sandbox().run(probe.attack("assassin"))
    assert probe.survivors() == []


@once
async def test_a12_who_kills_the_launcher_stops_nobody(probe: Probe) -> None:
    """A program under our user id can reach it; whatever runs goes on, and the next one starts."""
    sandbox, calm = Sandbox(), Command(argv=("/bin/sleep", "0.3"), cwd="/")
    codes = []

    async def rest() -> None:
        codes.append((await sandbox.run(calm)).returncode)

    async with sandbox.ready(), anyio.create_task_group() as group:
        group.start_soon(rest)
        (launcher,) = family(os.getpid())
        with anyio.fail_after(2):
            while not supervisors(os.getpid()):  # noqa: ASYNC110 -- nobody tells us
                await anyio.sleep(0.01)
        os.kill(launcher, signal.SIGKILL)
        codes.append((await sandbox.run(probe.attack("daemon"))).returncode)
    assert codes == [0, 0]
    assert probe.survivors() == []
    assert family(os.getpid()) == set()


@once
async def test_a12_a_launcher_that_does_not_answer_is_replaced() -> None:
    launcher = Launcher(patience=0.2)
    with launcher.held(), socket.socket() as anything:
        (stopped,) = family(os.getpid())
        os.kill(stopped, signal.SIGSTOP)
        line, pidfd = await launcher.supervisor([anything.fileno()] * 3)
        assert stopped not in family(os.getpid())
        line.close()
        await anyio.wait_readable(pidfd)
        os.close(pidfd)
    assert family(os.getpid()) == set()


async def test_a12_the_end_of_one_program_leaves_the_others_alone(stranger: Probe) -> None:
    sandbox, calm = Sandbox(), Command(argv=("/bin/sleep", "0.4"), cwd="/")
    codes = []

    async def rest() -> None:
        codes.append((await sandbox.run(calm)).returncode)

    async with anyio.create_task_group() as group:
        group.start_soon(rest)
        with pytest.raises(ToolTimedOut):
            await sandbox.run(stranger.attack("deaf", limits=Limits(seconds=0.15)))
    assert codes == [0]


def test_a12_a_tree_dies_with_us_even_when_we_are_killed(
    probe: Probe, open_directory: Path
) -> None:
    attack = probe.attack("deaf")
    script = (
        "import anyio; from reviewbot.process import *;"
        f"anyio.run(Sandbox().run, Command(argv={attack.argv!r}, cwd={attack.cwd!r}))"
    )
    environment = {
        "TMPDIR": str(open_directory),  # a home that nobody is left to remove
        "PYTHONPATH": ":".join(sys.path),
    }
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment) as us:
        assert _until(lambda: _started(us.pid, probe))
        everybody = family(us.pid)
        us.send_signal(signal.SIGKILL)
    assert len(everybody) == 3
    assert _until(lambda: not any(map(_is_alive, everybody)))


def test_a12_a_user_id_is_free_again_only_after_all_that_ran_under_it_is_dead(
    stranger: Probe, open_directory: Path
) -> None:
    attack = stranger.attack("deaf")
    script = (
        "import anyio; from reviewbot.process import *;"
        f"anyio.run(Sandbox().run, Command(argv={attack.argv!r}, cwd={attack.cwd!r}))"
    )
    environment = {"TMPDIR": str(open_directory), "PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment) as us:
        assert _until(lambda: _user_ids(stranger) - {0} and _started(us.pid, stranger))
        (taken,) = _user_ids(stranger) - {0}
        others = family(us.pid)
        for each in others:  # nobody is quick enough to clean up
            os.kill(each, signal.SIGSTOP)
        us.send_signal(signal.SIGKILL)
        us.wait()
        assert not _is_free(taken)
        for each in others:
            os.kill(each, signal.SIGCONT)
    assert _until(lambda: not any(map(_is_alive, others)))
    assert _until(lambda: _is_free(taken))


async def test_a7_standard_output_is_capped(probe: Probe) -> None:
    with anyio.fail_after(3), pytest.raises(ToolCrashed, match="wrote more than 16 MiB"):
        await Sandbox().run(probe.attack("flood_stdout", "1024"))
    assert probe.survivors() == []


async def test_a7_standard_error_never_blocks_and_keeps_its_tail(probe: Probe) -> None:
    completed = await Sandbox().run(probe.attack("flood_stderr", "100"))
    assert completed.returncode == 0
    assert len(completed.stderr) == 64 << 10


@once
async def test_a7_memory_is_limited(probe: Probe) -> None:
    completed = await Sandbox().run(probe.attack("memory", limits=Limits(memory=1 << 30)))
    assert completed.stdout == b"refused\n"


@once
async def test_a7_a_file_is_limited(probe: Probe) -> None:
    completed = await Sandbox().run(probe.attack("big_file", limits=Limits(file_size=32 << 20)))
    assert completed.returncode != 0
    assert b"File too large" in completed.stderr


@once
async def test_a7_processes_are_limited_under_an_own_identity(stranger: Probe) -> None:
    attack = stranger.attack("few_forks", "leave", limits=Limits(processes=64))
    completed = await Sandbox().run(attack)
    assert 32 < int(completed.stdout) < 64


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: the same user may look at us")
async def test_a13_nobody_above_can_be_looked_into(probe: Probe) -> None:
    lines = (await Sandbox().run(probe.attack("spy"))).stdout.decode().splitlines()
    looked = {int(line.split()[0]) for line in lines}
    assert os.getpid() in looked
    assert [line for line in lines if "refused" not in line] == []


def test_a13_not_root_we_say_so_and_close_ourselves(probe: Probe, open_directory: Path) -> None:
    if os.geteuid() != 0 or probe.separate:
        pytest.skip("needs root, to become somebody who is not")
    canary = "RB_CANARY_7f3b"
    script = (
        "import anyio; from reviewbot.process import *; harden_self(); s = Sandbox();"
        f"c = Command(argv={probe.attack('spy').argv!r}, cwd={str(open_directory)!r});"
        "print(anyio.run(s.run, c).stdout.decode(), s.notes)"
    )
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    completed = subprocess.run(
        [probe.python, "-c", script],
        env={"PYTHONPATH": ":".join(paths), "TOKEN": canary},
        cwd="/",
        user=65532,
        group=65532,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    if "ModuleNotFoundError" in completed.stderr:
        pytest.skip("our own code is not reachable for another user here")
    assert "not root: no other uid" in completed.stdout, completed.stderr
    assert canary not in completed.stdout


@once
@pytest.mark.skipif(bool(why_unfiltered()), reason=why_unfiltered())
async def test_a5_nothing_leaves_the_machine_and_nothing_looks_around(probe: Probe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sentinel:
        sentinel.settimeout(0)
        completed = await Sandbox().run(probe.attack("phone", str(sentinel.getsockname()[1])))
        with pytest.raises(BlockingIOError):
            sentinel.accept()
    lines = completed.stdout.decode().splitlines()
    assert [line for line in lines if not line.endswith("refused: Operation not permitted")] == [
        "AF_UNIX allowed",
        "socketpair allowed",
        "thread allowed",
    ]
    assert len(lines) == 14, completed.stderr


@once
async def test_a_program_that_was_given_the_network_has_it(stranger: Probe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sentinel:
        attack = stranger.attack("phone", str(sentinel.getsockname()[1]))
        command = Command(argv=attack.argv, cwd=attack.cwd, network=True)
        lines = (await Sandbox().run(command)).stdout.decode().splitlines()
    assert "connect allowed" in lines
    assert "unshare 0x40000000 refused: Operation not permitted" in lines


async def test_a5_a_child_sees_the_listed_environment_and_nothing_else(probe: Probe) -> None:
    command = Command(argv=("/usr/bin/env",), cwd=str(probe.cwd), environment={"ADDED": "1"})
    completed = await Sandbox().run(command)
    seen = dict(line.split("=", 1) for line in completed.stdout.decode().splitlines())
    home = seen["HOME"]
    assert seen == {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "NO_COLOR": "1",
        "ADDED": "1",
    }
    assert not await anyio.Path(home).exists()


@once
async def test_a5_a_home_is_removed_whatever_was_dug_into_it(
    make_probe: Callable[[bool], Probe], open_directory: Path, homes: Path
) -> None:
    probe = make_probe(not why_impossible())
    outside = open_directory / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    completed = await Sandbox().run(probe.attack("burrow", str(outside)))
    assert completed.returncode == 0, completed.stderr
    assert _names(homes) == []
    assert (outside / "kept").exists()


@once
async def test_a5_a_link_in_place_of_a_home_leads_nowhere(
    probe: Probe, open_directory: Path, homes: Path
) -> None:
    outside = open_directory / "outside"
    outside.mkdir(mode=0o755)
    (outside / "kept").touch()
    completed = await Sandbox().run(probe.attack("swap", str(outside)))
    assert completed.stdout.count(b"refused") == (2 if probe.separate else 0)
    assert (outside / "kept").exists()
    assert outside.stat().st_mode & 0o777 == 0o755
    assert probe.separate != bool(_names(homes))  # what we let it hide stays behind


@once
async def test_a5_a_lent_directory_comes_back_whole(stranger: Probe, open_directory: Path) -> None:
    lent, foreign = open_directory / "lent", open_directory / "foreign"
    lent.mkdir()
    foreign.touch()
    os.chown(foreign, 12345, 12345)
    attack = stranger.attack("squat", str(lent), str(foreign))
    command = Command(argv=attack.argv, cwd=attack.cwd, writable=(str(lent),))
    assert (await Sandbox().run(command)).returncode == 0
    assert {path.lstat().st_uid for path in (lent, *lent.iterdir())} == {os.geteuid()}
    assert not (lent / "mine").stat().st_mode & 0o6000
    assert foreign.stat().st_uid == 12345


def _started(us: int, probe: Probe) -> bool:
    """Whether there are a launcher, a supervisor and, beside us, a program of this probe."""
    return len(family(us)) == 3 and len(probe.programs()) == 2


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _user_ids(probe: Probe) -> set[int]:
    return {Path("/proc", each).stat().st_uid for each in probe.programs()}


def _is_free(uid: int) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as claim:
        try:
            claim.bind(f"\0reviewbot-identity-{uid}")
        except OSError:
            return False
        return True


def _names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def _until(condition: Callable[[], object], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
