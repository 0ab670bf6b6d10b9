"""The addresses of the server: the API, git, pages for people, and the host of artifacts."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as Address

from tests.fakes.github.blobs import blob
from tests.fakes.github.exchange import answer
from tests.fakes.github.hub import Hub
from tests.fakes.github.page import file_of, page_of
from tests.fakes.github.smart_http import serve
from tests.fakes.github.spoiling import Sent
from tests.fakes.github.values import Request
from tests.fakes.github.wire import Broken

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def application(hub: Hub) -> Starlette:
    """GitHub as an application."""

    async def git(request: HttpRequest) -> Response:
        return await serve(hub, request)

    async def page(request: HttpRequest) -> Response:
        names = request.path_params
        text = page_of(hub, f"{names['owner']}/{names['name']}", names["number"])
        return HTMLResponse(text or "<h1>404</h1>", 200 if text else 404)

    async def file(request: HttpRequest) -> Response:
        names = request.path_params
        full_name = f"{names['owner']}/{names['name']}"
        text = file_of(hub, full_name, names["commit"], names["path"])
        return HTMLResponse(text or "<h1>404</h1>", 200 if text else 404)

    async def nothing(_: HttpRequest) -> Response:
        return Response(status_code=404)

    async def api(request: HttpRequest) -> Response:
        server = request.scope["server"]
        other = server is not None and hub.blobs.endswith(f":{server[1]}")
        asked = await _read(request, hub)
        sent = await run_in_threadpool(blob if other else answer, hub, asked)
        return _response(hub, sent)

    return Starlette(
        routes=[
            Address("/{owner}/{name}.git/{rest:path}", git, methods=["GET", "POST"]),
            Address("/{owner}/{name}/pull/{number:int}", page, methods=["GET"]),
            Address("/{owner}/{name}/blob/{commit}/{path:path}", file, methods=["GET"]),
            Address("/favicon.ico", nothing, methods=["GET"]),
            Address("/{path:path}", api, methods=_VERBS),
        ]
    )


async def _read(request: HttpRequest, hub: Hub) -> Request:
    return Request(
        verb=request.method,
        path=_path(request.scope["raw_path"].decode("ascii"), hub),
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=await request.body(),
    )


def _path(path: str, hub: Hub) -> str:
    """The path as the description has it, without the prefix of the API."""
    if path == hub.graphql_path:
        return "/graphql"
    if path.startswith(f"{hub.prefix}/"):
        return path.removeprefix(hub.prefix)
    return path if path.startswith("/artifacts/") else f"/outside-of-the-api{path}"


def _response(hub: Hub, sent: Sent) -> Response:
    reply = sent.reply
    headers = dict(reply.headers)
    if reply.status not in {204, 304}:
        headers["content-type"] = reply.media
    response = Response(reply.encoded(), reply.status, headers)
    return Broken(hub, sent.wire, response) if sent.wire else response
