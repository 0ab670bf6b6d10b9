"""The inputs of the action: ``INPUT_<NAME>`` variables, strict, with one line for what is wrong."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar, get_args

from reviewbot.errors import UsageError

Mode = Literal["review", "analyze", "publish"]
FailOn = Literal["never", "blocking", "incomplete"]
Text = TypeVar("Text", bound=str)

_PREFIX = "INPUT_"
REPORT: Final = "reviewbot-report.json"
ARTIFACT: Final = "reviewbot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a workflow says.

    Attributes:
        mode: ``review`` analyses and posts; ``analyze`` only writes the report, without any power;
            ``publish`` posts the report of another run.
        github_token: for reading and posting; ``analyze`` needs none.
        config: a settings file in the base instead of its ``.reviewbot.yml``.
        only: names of analyses, with commas; empty for all.
        skip: the same, to leave out.
        deadline: e.g. ``10m``; empty for the settings' own.
        fail_on: when the step fails: at a verdict that blocks, also at an incomplete review, or
            never (the review and the check run say it all the same).
        run_id: the workflow run whose report is published.
        pull_request: number, for events that name none.
        post: False prints what would be posted.
        report: path of the report that is written.
        artifact: name of the artifact that holds it.
        trace: path of the trace that is written; empty for none.
        journal: name of the file, in the runner's temporary directory, that the run is written down
            in; a later run on the same head goes on with it. Empty for none.
    """

    mode: Mode = "review"
    github_token: str = field(default="", repr=False)
    config: str = ""
    only: str = ""
    skip: str = ""
    deadline: str = ""
    fail_on: FailOn = "never"
    run_id: int | None = None
    pull_request: int | None = None
    post: bool = True
    report: str = REPORT
    artifact: str = ARTIFACT
    trace: str = ""
    journal: str = ""


NAMES: Final = tuple(each.replace("_", "-") for each in Inputs.__dataclass_fields__)
"""The inputs as ``action.yml`` spells them."""


def read_inputs(variables: Mapping[str, str]) -> Inputs:
    """The inputs among the variables; an empty one is one that was not given.

    The runner keeps the hyphens: ``github-token`` arrives as ``INPUT_GITHUB-TOKEN``.

    Raises:
        UsageError: an input that there is not, or a value that it cannot have.
    """
    given = {
        name.removeprefix(_PREFIX).lower(): value.strip()
        for name, value in variables.items()
        if name.startswith(_PREFIX) and value.strip()
    }
    for name in given.keys() - set(NAMES):
        near = difflib.get_close_matches(name, NAMES, n=1)
        raise UsageError(
            f"input '{name}': there is none of this name",
            hint=f"did you mean '{near[0]}'?" if near else f"there are {', '.join(NAMES)}",
        )
    plain = ("github-token", "config", "only", "skip", "deadline", "report", "artifact", "trace")
    texts = {name.replace("-", "_"): given[name] for name in plain if name in given}
    return Inputs(
        **texts,
        journal=_file_name("journal", given),
        mode=_one_of("mode", given.get("mode", "review"), get_args(Mode)),
        fail_on=_one_of("fail-on", given.get("fail-on", "never"), get_args(FailOn)),
        run_id=_number("run-id", given),
        pull_request=_number("pull-request", given),
        post=_one_of("post", given.get("post", "true").lower(), ("true", "false")) == "true",
    )


def _one_of(name: str, value: str, allowed: tuple[Text, ...]) -> Text:
    for each in allowed:
        if value == each:
            return each
    raise UsageError(f"input '{name}': {value!r} is none of {', '.join(allowed)}")


def _file_name(name: str, given: Mapping[str, str]) -> str:
    text = given.get(name, "")
    if "/" in text or text in {".", ".."}:
        raise UsageError(
            f"input '{name}': {text!r} is no file name",
            hint="it is kept in the runner's temporary directory, where no checkout can put one",
        )
    return text


def _number(name: str, given: Mapping[str, str]) -> int | None:
    text = given.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 - 64 bits
        raise UsageError(f"input '{name}': {text!r} is no number")
    return int(text)
