"""The addresses of the server: the API, git, pages for people, and the host of artifacts."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route as Address

from tests.fakes.github.exchange import answer
from tests.fakes.github.hub import Hub
from tests.fakes.github.smart_http import serve
from tests.fakes.github.values import Reply, Request

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def application(hub: Hub) -> Starlette:
    """GitHub as an application."""

    async def git(request: HttpRequest) -> Response:
        return await serve(hub, request)

    async def api(request: HttpRequest) -> Response:
        asked = await _read(request, hub.prefix)
        reply = await run_in_threadpool(answer, hub, asked)
        return _response(reply)

    return Starlette(
        routes=[
            Address("/{owner}/{name}.git/{rest:path}", git, methods=["GET", "POST"]),
            Address("/{path:path}", api, methods=_VERBS),
        ]
    )


async def _read(request: HttpRequest, prefix: str) -> Request:
    path = request.scope["raw_path"].decode("ascii")
    return Request(
        verb=request.method,
        path=path.removeprefix(prefix) if path.startswith(f"{prefix}/") else f"/outside{path}",
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=await request.body(),
    )


def _response(reply: Reply) -> Response:
    headers = dict(reply.headers) | ({"content-type": reply.media} if reply.status != 204 else {})
    return Response(reply.encoded(), reply.status, headers)
