"""The other host, where artifacts lie. It knows no tokens and must be shown none."""

import re

from tests.fakes.github.hub import Hub
from tests.fakes.github.spoiling import Sent, log, spoiled
from tests.fakes.github.values import Refusal, Reply, Request

_ARTIFACT = re.compile(r"/artifacts/(\d+)\.zip")


def blob(hub: Hub, request: Request) -> Sent:
    """An archive, for whoever has the signed address."""
    entry = log(hub, request, "artifact")
    if "authorization" in request.headers:
        hub.violations.append(f"{request.verb} {request.path}: a token was sent to another host")
    return spoiled(hub, entry, lambda asked: _archive(hub, asked))


def _archive(hub: Hub, request: Request) -> Reply:
    found = _ARTIFACT.fullmatch(request.path)
    for repository in hub.state.repositories.values():
        if found and int(found[1]) in repository.artifacts and "sig" in request.query:
            content = repository.artifacts[int(found[1])].content
            return Reply(body=content, media="application/zip")
    return Refusal(403, "The specified signature is invalid.").reply
