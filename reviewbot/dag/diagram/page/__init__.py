"""A run as one page for a browser: no network, no other file, and nothing in it is alive."""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

from reviewbot.dag.diagram.explanation import facts
from reviewbot.dag.diagram.lanes import lanes
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.diagram.walk import Step, steps
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import plain

_SCRIPTS = ("page.js", "axis.js", "rows.js", "graph.js", "replay.js", "main.js")


def page(trace: Trace) -> str:
    """The page: analytics, the graph, a timeline by wave or lane, why each node ran, a replay.

    The data is JSON in which no tag can begin, the script writes texts only and never markup, and
    the page's own policy (https://www.w3.org/TR/CSP3/) lets nothing run or load but that script.
    """
    style = _file("style.css")
    script = "\n".join(map(_file, _SCRIPTS))
    return Template(_file("page.html")).substitute(
        title=html.escape(f"run {trace.run}".rstrip()),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}",
        style=style,
        script=script,
        data=_json(_data(trace)),
        text=html.escape("\n".join(timeline(trace.graph, trace.seconds))),
    )


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Mapping[str, Any]) -> str:
    # Without "<" neither a tag nor a comment can begin: html.spec.whatwg.org, "Restrictions for
    # contents of script elements".
    return json.dumps(plain(data), allow_nan=False).replace("<", "\\u003c")


def _data(trace: Trace) -> dict[str, Any]:
    found = tuple(steps(trace.graph))
    lane = lanes(found)
    seen = analytics(trace.graph)
    return {
        "run": trace.run,
        "began": trace.began,
        "seconds": trace.seconds,
        "ended": trace.ended,
        "state": trace.state,
        "spent": trace.spent,
        "breakers": trace.breakers,
        "manifest": trace.manifest,
        "warnings": trace.warnings,
        "critical": trace.critical_path,
        "critical_seconds": trace.critical_seconds,
        "bottleneck": seen.bottleneck,
        "work": seen.work,
        "speed_up": seen.speed_up,
        "depth": seen.depth,
        "width": seen.width,
        "steps": [_step(step, lane.get(step.path)) for step in found],
    }


def _step(step: Step, lane: int | None) -> dict[str, Any]:
    outcome = step.outcome
    return {
        "path": step.path,
        "depth": step.depth,
        "wave": step.node.wave,
        "top": not step.above and step.item is None,
        "kind": "item" if step.item is not None else step.node.kind,
        "conditional": bool(step.node.when),
        "needs": [] if step.item else [[f"{step.above}{e.node}", e.kind] for e in step.node.links],
        "status": "waiting" if outcome is None else outcome.status,
        "started": 0.0 if outcome is None else outcome.started,
        "seconds": 0.0 if outcome is None else outcome.seconds,
        "attempts": [] if outcome is None else [plain(each) for each in outcome.attempts],
        "ran": outcome is not None and outcome.is_started,
        "critical": step.is_critical,
        "lane": lane,
        "facts": list(facts(step)),
    }
