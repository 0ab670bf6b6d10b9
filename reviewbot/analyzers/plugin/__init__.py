"""Your own analyzer: one function over the text of a file, with everything around it for free.

::

    from reviewbot.analyzers.plugin import Remark, analyzer

    @analyzer(version="1")
    def todo(path: str, text: str) -> Iterator[Remark]:
        for number, line in enumerate(text.splitlines(), 1):
            if "TODO" in line:
                yield Remark(line=number, rule="todo", message="a TODO is left")

Name it in the entry-point group ``reviewbot.analyzers`` of a package that is installed beside
reviewbot, and use it by that name: ``analyses: {todos: {use: todo}}``.
"""

from reviewbot.analyzers.plugin.check import Check, Remark, analyzer

__all__ = ["Check", "Remark", "analyzer"]
