"""Haystack: `Pipeline.run_async` over components that take one value per need."""

from typing import Any

from haystack import Pipeline, component

from benchmarks.engine.shapes import Body, Needs
from benchmarks.engine.worker import Once, serve


class Plain:
    """A component whose inputs are the names it needs."""

    def __init__(self, name: str, wanted: tuple[str, ...], body: Body) -> None:
        self.name = name
        self.body = body
        component.set_input_types(self, **(dict.fromkeys(wanted, int) or {"start": int}))
        component.set_output_types(self, value=int)

    def run(self, **_needs: Any) -> dict[str, int]:  # noqa: ANN401 - Haystack wants both
        """Never called: there is a `run_async`."""
        raise NotImplementedError

    async def run_async(self, **_needs: Any) -> dict[str, int]:  # noqa: ANN401 - as above
        """The node."""
        await self.body(self.name)
        return {"value": 0}


Component = component(Plain)


def build(needs: Needs, body: Body) -> Once:
    """A pipeline with room for every node at once."""
    pipeline = Pipeline()
    for name, wanted in needs.items():
        pipeline.add_component(name, Component(name, wanted, body))
    for name, wanted in needs.items():
        for other in wanted:
            pipeline.connect(f"{other}.value", f"{name}.{other}")
    given = {name: {"start": 0} for name, wanted in needs.items() if not wanted}
    return lambda: pipeline.run_async(given, concurrency_limit=len(needs))


if __name__ == "__main__":
    serve({"": build})
