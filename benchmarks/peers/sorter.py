"""The standard library's TopologicalSorter over asyncio tasks: ready queue, and waves."""

import asyncio
from graphlib import TopologicalSorter

from benchmarks.engine.shapes import Body, Needs
from benchmarks.engine.worker import Once, serve


def build(needs: Needs, body: Body) -> Once:
    """Start a node when the last it needs is done."""

    async def once() -> None:
        sorter = TopologicalSorter(needs)
        sorter.prepare()
        done: asyncio.Queue[str] = asyncio.Queue()

        async def work(name: str) -> None:
            await body(name)
            done.put_nowait(name)

        async with asyncio.TaskGroup() as tasks:
            while sorter.is_active():
                for name in sorter.get_ready():
                    tasks.create_task(work(name))
                sorter.done(await done.get())

    return once


def waves(needs: Needs, body: Body) -> Once:
    """Start a wave when the one before is done."""

    async def once() -> None:
        sorter = TopologicalSorter(needs)
        sorter.prepare()
        while sorter.is_active():
            ready = sorter.get_ready()
            await asyncio.gather(*(body(name) for name in ready))
            sorter.done(*ready)

    return once


if __name__ == "__main__":
    serve({"": build, "waves": waves})
