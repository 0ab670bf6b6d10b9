"""The port as everybody may rely on it: the Sandbox and the fake keep the same contract."""

import pytest

from reviewbot.errors import ToolCrashed, ToolMissing
from reviewbot.process import Command, Limits, Programs, Sandbox
from reviewbot.testing.fakes.programs import FakePrograms, says

pytestmark = pytest.mark.anyio


def _fake() -> FakePrograms:
    return FakePrograms(
        answers={
            "cat": lambda command: says(command.stdin.decode()),
            "false": says(returncode=1),
            "seq": says("".join(f"{number}\n" for number in range(1, 1001))),
            "ls": says(stderr="ls: cannot access '/nowhere': No such file or directory\n"),
        }
    )


@pytest.fixture(params=["sandbox", "fake"])
def programs(request: pytest.FixtureRequest) -> Programs:
    return Sandbox() if request.param == "sandbox" else _fake()


async def test_a_program_answers_on_standard_output(programs: Programs) -> None:
    command = Command(argv=("/bin/cat",), cwd="/", stdin=b"said")
    assert (await programs.run(command)).stdout == b"said"


async def test_a_bad_exit_code_is_an_answer(programs: Programs) -> None:
    assert (await programs.run(Command(argv=("/bin/false",), cwd="/"))).returncode == 1


async def test_an_unknown_program_is_missing(programs: Programs) -> None:
    with pytest.raises(ToolMissing, match="nope cannot be started: No such file or directory"):
        await programs.run(Command(argv=("/bin/nope",), cwd="/"))


async def test_too_much_output_is_a_crash(programs: Programs) -> None:
    limits = Limits(stdout=1000)
    with pytest.raises(ToolCrashed, match="seq wrote more than 1000 bytes"):
        await programs.run(Command(argv=("/usr/bin/seq", "1000"), cwd="/", limits=limits))


async def test_of_the_errors_the_end_is_kept(programs: Programs) -> None:
    command = Command(argv=("/bin/ls", "/nowhere"), cwd="/", limits=Limits(stderr=10))
    assert (await programs.run(command)).stderr == b"directory\n"


async def test_notes_are_lines(programs: Programs) -> None:
    assert all(note and "\n" not in note for note in programs.notes)


async def test_the_fake_remembers_what_it_was_asked() -> None:
    fake, command = _fake(), Command(argv=("/bin/false",), cwd="/")
    await fake.run(command)
    assert fake.seen == [command]
