"""The files and the log of a workflow step: outputs, summary, annotations."""

import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewbot.errors import UsageError

_LARGEST_SUMMARY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Where the runner wants things; None where it did not say.

    Attributes:
        event_name: e.g. ``pull_request``.
        event_path: the payload of the event.
        output_path: ``name<<delimiter`` records.
        summary_path: Markdown for the page of the run; more than 1 MiB is dropped whole.
        workspace: the checkout, or an empty directory.
        temp: where files of this job go.
        run_id: number of the workflow run.
        attempt: of the run, from 1.
        repository: ``owner/name`` the workflow belongs to.
        api_url: of the forge.
        server_url: of the forge, for people.
    """

    event_name: str
    event_path: Path | None
    output_path: Path | None
    summary_path: Path | None
    workspace: Path
    temp: Path | None
    run_id: int
    attempt: int
    repository: str
    api_url: str
    server_url: str

    def write_outputs(self, outputs: Mapping[str, str]) -> None:
        """Hand values to later steps.

        Raises:
            OSError: the file cannot be written.
        """
        if self.output_path is not None:
            text = "".join(_record(name, value) for name, value in outputs.items())
            with self.output_path.open("a", encoding="utf-8") as file:
                file.write(text)

    def write_summary(self, markdown: str) -> None:
        """Show Markdown on the page of the run.

        Args:
            markdown: at most 1,000,000 bytes; whoever renders cuts at a boundary.

        Raises:
            OSError: the file cannot be written.
        """
        if self.summary_path is not None:
            data = markdown.encode("utf-8", "backslashreplace")[:_LARGEST_SUMMARY]
            with self.summary_path.open("ab") as file:
                file.write(data.decode("utf-8", "ignore").encode() + b"\n")


def read_runner(variables: Mapping[str, str]) -> Runner:
    """The runner among the variables.

    Raises:
        UsageError: this is no workflow step.
    """
    if not variables.get("GITHUB_EVENT_NAME"):
        raise UsageError(
            "GITHUB_EVENT_NAME is not set: this is no workflow step",
            hint="on your own machine use `reviewbot review <pull request URL>`",
        )
    return Runner(
        event_name=variables["GITHUB_EVENT_NAME"],
        event_path=_path(variables, "GITHUB_EVENT_PATH"),
        output_path=_path(variables, "GITHUB_OUTPUT"),
        summary_path=_path(variables, "GITHUB_STEP_SUMMARY"),
        workspace=_path(variables, "GITHUB_WORKSPACE") or Path.cwd(),
        temp=_path(variables, "RUNNER_TEMP"),
        run_id=_count(variables, "GITHUB_RUN_ID", 0),
        attempt=_count(variables, "GITHUB_RUN_ATTEMPT", 1),
        repository=variables.get("GITHUB_REPOSITORY", ""),
        api_url=variables.get("GITHUB_API_URL") or "https://api.github.com",
        server_url=variables.get("GITHUB_SERVER_URL") or "https://github.com",
    )


@contextmanager
def no_commands() -> Iterator[None]:
    """While the body runs, the runner takes no line of the log for a command.

    What is printed is ours and escaped; this is the second wall for a line that slips through.
    """
    token = uuid.uuid4().hex
    sys.stdout.write(f"::stop-commands::{token}\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        sys.stdout.write(f"::{token}::\n")
        sys.stdout.flush()


def _record(name: str, value: str) -> str:
    """One output in the form in which a value cannot become a second output.

    The delimiter cannot be guessed; a value that holds it all the same is refused, as in
    actions/toolkit.
    """
    delimiter = f"ghadelimiter_{uuid.uuid4()}"
    if delimiter in value or delimiter in name:
        raise ValueError("the delimiter is in the value")
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def _path(variables: Mapping[str, str], name: str) -> Path | None:
    return Path(variables[name]) if variables.get(name) else None


def _count(variables: Mapping[str, str], name: str, fallback: int) -> int:
    text = variables.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else fallback
