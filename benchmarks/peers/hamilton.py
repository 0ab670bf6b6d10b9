"""Hamilton: the asynchronous driver over a module of functions whose parameters are the needs."""

from hamilton import ad_hoc_utils, async_driver, base

from benchmarks.engine.shapes import Body, Needs, sinks
from benchmarks.engine.worker import Once, serve


def build(needs: Needs, body: Body) -> Once:
    """A module written out as text, because a function's name and parameters are its wiring."""
    source = "\n".join(
        f"async def {name}({', '.join(f'{other}: int' for other in wanted)}) -> int:\n"
        f"    return await body({name!r})\n"
        for name, wanted in needs.items()
    )
    module = ad_hoc_utils.module_from_source(source)
    module.body = body
    driver = async_driver.AsyncDriver({}, module, result_builder=base.DictResult())
    wanted = list(sinks(needs))
    return lambda: driver.execute(wanted)


if __name__ == "__main__":
    serve({"": build})
