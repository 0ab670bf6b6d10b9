"""No system at all: a task group of anyio with one task per node, and nothing in order."""

from functools import partial

from benchmarks.engine.shapes import Body, Needs
from benchmarks.engine.worker import Once, bare_anyio, serve


def build(needs: Needs, body: Body) -> Once:
    """One task per node."""
    return partial(bare_anyio, needs, body)


if __name__ == "__main__":
    serve({"": build})
