"""Git over HTTP: git's own server program behind a few lines."""

import asyncio
import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import ENVIRONMENT
from tests.fakes.github.state import Repository

_SETTINGS = {
    "safe.directory": "*",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
}


async def serve(hub: Hub, request: Request) -> Response:
    """Fetching, for whoever may read the contents of the repository."""
    names = request.path_params
    name = f"{names['owner']}/{names['name']}"
    repository = hub.state.at(name)
    moved = hub.state.named_before(name)
    if repository is None and moved is not None:
        location = f"{hub.web}/{moved.full_name}.git/{names['rest']}?{request.url.query}"
        return Response("", 301, {"Location": location})
    refused = _refused(hub, repository, request.headers.get("authorization"))
    if refused is not None or repository is None:
        return refused or Response("Repository not found.", 404)
    said = await _cgi(repository, names["rest"], request, await request.body())
    return _answer(said)


def _refused(hub: Hub, repository: Repository | None, said: str | None) -> Response | None:
    """401 when there is no token that is known, 404 when it may not read."""
    challenge = Response("", 401, {"WWW-Authenticate": 'Basic realm="GitHub"'})
    if said is None:
        return None if repository and not repository.private else challenge
    scheme, _, rest = said.partition(" ")
    text = rest.strip()
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(text).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return challenge
    token = hub.state.tokens.get(text)
    if token is None:
        return challenge
    return None if token.permissions.get("contents") else Response("Repository not found.", 404)


async def _cgi(found: Repository, rest: str, request: Request, body: bytes) -> bytes:
    settings = {"GIT_CONFIG_COUNT": str(len(_SETTINGS))}
    for number, (key, value) in enumerate(_SETTINGS.items()):
        settings |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    process = await asyncio.create_subprocess_exec(
        "git",
        "http-backend",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **ENVIRONMENT,
            **settings,
            "GIT_PROJECT_ROOT": str(found.git.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{rest}",
            "QUERY_STRING": request.url.query,
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
            "REMOTE_USER": "x-access-token",
            "REMOTE_ADDR": "127.0.0.1",
        },
    )
    said, _ = await process.communicate(body)
    return said


def _answer(said: bytes) -> Response:
    head, _, body = said.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    status = int(headers.pop("Status", "200 OK").split(" ")[0])
    return Response(body, status, headers)
