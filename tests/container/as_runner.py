"""``docker run`` as GitHub's runner does it for a container action, and what it reads back.

From actions/runner 258d6c857: ``ContainerActionHandler.cs`` (mounts, variables),
``DockerCommandManager.cs:DockerRun`` (order), ``Handler.cs:AddInputsToEnvironment`` (names of
inputs), ``FileCommandManager.cs`` (command files). The socket is a stand-in, and the network is the
host's, where a stand-in for GitHub listens on loopback.
"""

import json
import os
import socket
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "RB_CANARY_5d1e"
"""In every secret of a step."""

_COMMANDS = {
    "GITHUB_ENV": "set_env_",
    "GITHUB_PATH": "add_path_",
    "GITHUB_OUTPUT": "set_output_",
    "GITHUB_STATE": "save_state_",
    "GITHUB_STEP_SUMMARY": "step_summary_",
}
_RUNNER = 1001
"""The user id of ``runner`` on the hosted images: owner of the workspace and of all folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that uses the action.

    Attributes:
        image: name of the image.
        workspace: the checkout.
        folder: where the runner keeps its files; empty.
        inputs: by their names in ``action.yml``.
        event: payload of the event.
        event_name: its name.
        repository: ``owner/name``.
        api_url: of the stand-in for GitHub.
        arguments: instead of the entry point's, as ``(entry point, argument...)``.
        mounts: directory of the host → directory of the container, beside the runner's own.
    """

    image: str
    workspace: Path
    folder: Path
    inputs: Mapping[str, str] = field(default_factory=dict)
    event: Mapping[str, object] = field(default_factory=dict)
    event_name: str = "pull_request"
    repository: str = "o/r"
    api_url: str = "http://127.0.0.1:9"
    arguments: tuple[str, ...] = ()
    mounts: Mapping[Path, str] = field(default_factory=dict)

    @property
    def runner_temp(self) -> Path:
        """What the container sees as ``/github/runner_temp``."""
        return self.folder / "temp"

    def command_file(self, variable: str) -> Path:
        """The file that a variable such as ``GITHUB_OUTPUT`` leads to."""
        (found,) = (self.folder / "commands").glob(f"{_COMMANDS[variable]}*")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What the runner sees of a step.

    Attributes:
        code: other than 0 makes the step red.
        log: standard output and error, both of which the runner reads commands from.
        outputs: for later steps.
        summary: Markdown on the page of the run.
    """

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


def run(step: Step) -> Ended:
    """Run a step to its end."""
    with started(step) as process:
        log, _ = process.communicate()
    return Ended(
        code=process.returncode,
        log=log.decode("utf-8", "replace"),
        outputs=dict(read_outputs(step.command_file("GITHUB_OUTPUT").read_text("utf-8"))),
        summary=step.command_file("GITHUB_STEP_SUMMARY").read_text("utf-8"),
    )


@contextmanager
def started(step: Step) -> Iterator[subprocess.Popen[bytes]]:
    """Start a step; the container is gone afterwards, whatever happened."""
    name = f"reviewbot-{uuid.uuid4().hex}"
    _prepare(step)
    with _listening(step.folder) as docker_socket:
        process = subprocess.Popen(
            ["docker", "run", "--name", name, *_options(step, docker_socket)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            with process:
                yield process
        finally:
            subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)


def read_outputs(text: str) -> Iterator[tuple[str, str]]:
    """``name=value`` and ``name<<delimiter`` records, as ``EnvFileKeyValuePairs`` reads them.

    Raises:
        ValueError: a line is neither, or a delimiter does not come back.
    """
    lines = iter(text.splitlines())
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            yield line[:equals], line[equals + 1 :]
        elif heredoc > 0:
            yield line[:heredoc], "\n".join(_until(lines, line[heredoc + 2 :]))
        elif line:
            raise ValueError(f"no record: {line!r}")


def _until(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    for line in lines:
        if line == delimiter:
            return
        yield line
    raise ValueError(f"{delimiter!r} does not come back")


@contextmanager
def _listening(folder: Path) -> Iterator[Path]:
    """A socket that belongs to root and a group, as Docker's does."""
    path = folder / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen()
        yield path


def _prepare(step: Step) -> None:
    """The folders of the runner with the owner and the modes that they have there."""
    folders = [step.folder / name for name in ("home", "workflow", "commands")]
    for folder in (step.runner_temp, *folders):
        folder.mkdir(exist_ok=True)
    (step.folder / "workflow" / "event.json").write_text(json.dumps(step.event))
    for prefix in _COMMANDS.values():
        (step.folder / "commands" / f"{prefix}{uuid.uuid4()}").touch()
    for owned in (step.workspace, step.runner_temp, *folders):
        for path in (owned, *owned.rglob("*")):
            os.lchown(path, _RUNNER, _RUNNER)


def _options(step: Step, docker_socket: Path) -> list[str]:
    mounts = {
        docker_socket: "/var/run/docker.sock",
        step.runner_temp: "/github/runner_temp",
        step.folder / "home": "/github/home",
        step.folder / "workflow": "/github/workflow",
        step.folder / "commands": "/github/file_commands",
        step.workspace: "/github/workspace",
        **step.mounts,
    }
    entry, arguments = step.arguments[:1], step.arguments[1:]
    return [
        *("--workdir", "/github/workspace", "--rm", "--network", "host"),
        *(word for name, value in _variables(step).items() for word in ("-e", f"{name}={value}")),
        *(word for source, target in mounts.items() for word in ("-v", f"{source}:{target}")),
        *(word for each in entry for word in ("--entrypoint", each)),
        *(step.image, *arguments),
    ]


def _variables(step: Step) -> dict[str, str]:
    inputs = {
        "INPUT_" + name.replace(" ", "_").upper(): value for name, value in step.inputs.items()
    }
    commands = {
        variable: f"/github/file_commands/{step.command_file(variable).name}"
        for variable in _COMMANDS
    }
    return {
        **inputs,
        **commands,
        "HOME": "/github/home",
        "GITHUB_WORKSPACE": "/github/workspace",
        "GITHUB_EVENT_PATH": "/github/workflow/event.json",
        "GITHUB_EVENT_NAME": step.event_name,
        "GITHUB_REPOSITORY": step.repository,
        "GITHUB_REF": "refs/pull/1/merge",
        "GITHUB_API_URL": step.api_url,
        "GITHUB_SERVER_URL": step.api_url,
        "GITHUB_RUN_ID": "1",
        "GITHUB_RUN_ATTEMPT": "1",
        "RUNNER_OS": "Linux",
        "RUNNER_ARCH": "X64",
        "RUNNER_TEMP": "/github/runner_temp",
        "ACTIONS_RUNTIME_TOKEN": f"{CANARY}-runtime",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": f"{CANARY}-identity",
        "GITHUB_ACTIONS": "true",
        "CI": "true",
    }
