"""Prefect: a flow that submits one task per node; the client's cost alone, its server is extra."""

from typing import Any

from anyio import to_thread
from prefect import flow, task

from benchmarks.engine.shapes import Body, Needs, sinks
from benchmarks.engine.worker import Once, serve


def build(needs: Needs, body: Body) -> Once:
    """Futures of what a node needs are its parameters."""
    tasks = {name: task(_task(name, body), name=name) for name in needs}

    def submit_all() -> list[Any]:
        futures: dict[str, Any] = {}
        for name, wanted in needs.items():
            futures[name] = tasks[name].submit([futures[other] for other in wanted])
        return [futures[name].result() for name in sinks(needs)]

    once = flow(submit_all, name="benchmark")
    return lambda: to_thread.run_sync(once)


def _task(name: str, body: Body) -> Any:  # noqa: ANN401 - Prefect's own type
    async def work(_needs: list[int]) -> int:
        await body(name)
        return 0

    return work


if __name__ == "__main__":
    serve({"": build})
