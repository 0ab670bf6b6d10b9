"""``reviewbot impact``: the test selection alone, nothing is run."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import anyio

from reviewbot.analyzers.impact import select
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import emit
from reviewbot.cli.piped import piped_patch
from reviewbot.cli.surroundings import Surroundings, take_surroundings
from reviewbot.process import Sandbox
from reviewbot.render.view import printable
from reviewbot.review.analysis import TestReport
from reviewbot.workspace.opened import open_change
from reviewbot.workspace.selection import Request


def run_impact(*, form: str, **request: Any) -> int:  # noqa: ANN401 - options as click gives them
    """Print which tests the change can reach.

    Raises:
        ReviewbotError: the request cannot be met.
    """
    asked = Request(**request, piped=piped_patch(request["diff_file"]))
    found = anyio.run(_select, asked, take_surroundings())
    emit(_as_json(found) if form == "json" else _as_text(found))
    return ExitCode.REVIEWED


async def _select(request: Request, around: Surroundings) -> TestReport:
    programs = Sandbox()
    cache = around.cache_of(request.path)
    async with (
        programs.ready(),
        open_change(
            request,
            programs=programs,
            cache=cache,
            virtual_env=around.virtual_env,
            home=around.home,
        ) as opened,
    ):
        return (await select(opened.change, programs)).report


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactDocument:
    """The JSON document.

    Attributes:
        total: number of test files on the head.
        selected: the test files the change can reach, most likely to fail first.
        reasons: test file → what connects it to the change.
        fallback: why everything is selected, or null.
    """

    total: int
    selected: list[str]
    reasons: dict[str, list[str]]
    fallback: str | None


def impact_document(found: TestReport) -> ImpactDocument:
    """The selection as a document of clean text."""
    return ImpactDocument(
        total=found.total,
        selected=[_clean(path) for path in found.selected],
        reasons={
            _clean(path): [_clean(reason) for reason in found.reasons.get(path, ())]
            for path in found.selected
        },
        fallback=found.fallback,
    )


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _as_json(found: TestReport) -> str:
    return json.dumps(asdict(impact_document(found)), indent=2, ensure_ascii=False) + "\n"


def _as_text(found: TestReport) -> str:
    lines = [f"{len(found.selected)} of {found.total} test files can be reached by the change"]
    if found.fallback:
        lines.append(f"everything is selected: {printable(found.fallback)}")
    for path in found.selected:
        lines.append(printable(path))
        lines.extend(f"    {printable(reason)}" for reason in found.reasons.get(path, ()))
    return "\n".join(lines) + "\n"
