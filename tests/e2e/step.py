"""A step of a workflow: the console script started exactly as the runner starts the action."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.workbench import Ended, Workbench
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened
from tests.fakes.github.shapes import Shapes

_RECORD = re.compile(
    r"(?P<name>[^\n=<]+)<<(?P<end>ghadelimiter_[^\n]+)\n(?P<value>.*?)\n(?P=end)\n", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """How a step ended.

    Attributes:
        ended: its exit code and log.
        outputs: for later steps, read as the runner reads them.
        summary: Markdown for the page of the run.
        report: the file it wrote into the workspace, or empty.
    """

    ended: Ended
    outputs: Mapping[str, str]
    summary: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job of a workflow on a machine of its own.

    Attributes:
        bench: the program and its tools.
        hub: the forge.
        folder: everything the runner mounts.
        token: the job's own.
        run: number of the workflow run.
    """

    bench: Workbench
    hub: Hub
    folder: Path
    token: str
    run: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def create(cls, folder: Path, hub: Hub, token: str, **variables: str) -> "Job":
        """A fresh runner."""
        folder.mkdir()
        bench = Workbench.create(folder / "bin")
        return cls(bench=bench, hub=hub, folder=folder, token=token, variables=variables)

    @property
    def workspace(self) -> Path:
        """The checkout; empty where no step made one."""
        return self.folder / "workspace"

    def step(
        self,
        event: str,
        payload: object,
        inputs: Mapping[str, str] | None = None,
        *,
        run: int = 1,
        attempt: int = 1,
    ) -> Stepped:
        """Run the action under an event; the input ``fail_on`` is the action's ``fail-on``."""
        with self.start(event, payload, inputs, run=run, attempt=attempt) as process:
            return self.stepped(process)

    def start(
        self,
        event: str,
        payload: object,
        inputs: Mapping[str, str] | None = None,
        *,
        run: int = 1,
        attempt: int = 1,
    ) -> subprocess.Popen[bytes]:
        """Start the action and leave it running."""
        self.workspace.mkdir(exist_ok=True)
        for each in self._files.values():
            each.write_text("")
        temp = self.folder / "temp"
        temp.mkdir(exist_ok=True)
        (self.folder / "event.json").write_text(json.dumps(payload))
        given = {"github_token": self.token, **(inputs or {})}
        return self.bench.start(
            "action",
            cwd=self.workspace,
            secrets={
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": event,
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_REPOSITORY": "demo/shapes",
                "GITHUB_API_URL": self.hub.api_url,
                "GITHUB_SERVER_URL": self.hub.web,
                "GITHUB_RUN_ID": str(run),
                "GITHUB_RUN_ATTEMPT": str(attempt),
                "RUNNER_TEMP": str(temp),
                **{f"GITHUB_{name}": str(file) for name, file in self._files.items()},
                **{f"INPUT_{_upper(name)}": value for name, value in given.items()},
                **self.variables,
            },
        )

    def stepped(self, process: subprocess.Popen[bytes]) -> Stepped:
        """Wait for a started action and read what it left behind."""
        ended = self.bench.ended(process)
        assert self._files["ENV"].read_text() == ""
        report = self.workspace / "reviewbot-report.json"
        return Stepped(
            ended=ended,
            outputs=_outputs(self._files["OUTPUT"].read_text()),
            summary=self._files["STEP_SUMMARY"].read_text(),
            report=report.read_text() if report.exists() else "",
        )

    @property
    def _files(self) -> Mapping[str, Path]:
        names = ("OUTPUT", "STEP_SUMMARY", "ENV")
        return {name: self.folder / name.lower() for name in names}

    def review(self, pull: Opened, *, run: int = 1, **inputs: str) -> Stepped:
        """The action on a push to a pull request."""
        return self.step("pull_request", pull_request_event(pull), inputs, run=run)


def pull_request_event(pull: Opened, action: str = "synchronize") -> dict[str, object]:
    """The payload of the event: the pull request as the API shows it."""
    hub = pull.hub
    shapes = Shapes(state=hub.state, web=hub.web, api=hub.api_url, version="2022-11-28")
    return {
        "action": action,
        "number": pull.number,
        "pull_request": shapes.pull_request(pull.repository, pull.issue),
        "repository": shapes.repository(pull.repository),
        "sender": shapes.user(pull.issue.user),
    }


def _outputs(text: str) -> dict[str, str]:
    found = {each["name"]: each["value"] for each in _RECORD.finditer(text)}
    assert _RECORD.sub("", text) == "", "a line that is no output"
    return found


def _upper(name: str) -> str:
    return name.replace("_", "-").upper()
