"""From the text of a document to a Graph, or to all that is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from reviewbot.dag.declare.document import Document, parse_document
from reviewbot.dag.declare.entries import RunEntry
from reviewbot.dag.declare.layers import Override, overlaid
from reviewbot.dag.declare.names import Names
from reviewbot.dag.declare.problem import Problems
from reviewbot.dag.declare.reading import keys_of, read
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.declare.sections import Sections
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.running.options import Options

VERSION = 1
DEFAULTS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a document declares.

    `options` say how it is run, and `origins` who set each key: `file:line`, or the origin of an
    override.
    """

    graph: Graph
    options: Options = DEFAULTS
    origins: Mapping[str, str] = field(default_factory=dict)


def load(
    text: str, registry: Registry, *, name: str = "graph.yml", overrides: Iterable[Override] = ()
) -> Declared:
    """The graph of a YAML document.

    Raises:
        GraphError: everything that is wrong with it, each as `file:line: what; what to do`.
    """
    problems = Problems()
    document = parse_document(text, name, problems)
    return _declared(document, registry, overrides, problems)


def load_data(
    data: Mapping[str, object],
    registry: Registry,
    *,
    name: str = "graph",
    overrides: Iterable[Override] = (),
) -> Declared:
    """The graph of a document that is plain data already, as JSON gives it.

    Raises:
        GraphError: as `load`, with keys in place of lines.
    """
    return _declared(Document(name=name, values=data), registry, overrides, Problems())


def _declared(
    document: Document, registry: Registry, overrides: Iterable[Override], problems: Problems
) -> Declared:
    document = overlaid(document, overrides, problems)
    graph, options = None, None
    if _is_readable(document, problems):
        names = Names(registry=registry, problems=problems)
        options = read(RunEntry, document.values.get("run") or {}, ("run",), problems)
        graph = Sections(document, names).whole()
    if problems or graph is None or options is None:
        raise GraphError(problems.said(document.where), phase="declare")
    return Declared(graph=graph, options=_options(options), origins=_origins(document))


def _is_readable(document: Document, problems: Problems) -> bool:
    """Whether it is a document of this version; nothing else is looked at otherwise."""
    if not document.values and problems:
        return False
    version = document.values.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        what = f"version {version} is newer than this program, which reads {VERSION}"
        problems.add(("version",), what, "use a newer program")
    elif version is None:
        problems.add(("version",), "the version is missing", f"write version: {VERSION}")
    elif version != VERSION or isinstance(version, bool):
        what = f"version {version!r} was never published"
        problems.add(("version",), what, f"write version: {VERSION}")
    else:
        return True
    return False


def _options(entry: RunEntry) -> Options:
    said = {name: getattr(entry, name) for name in keys_of(RunEntry)}
    return replace(DEFAULTS, **{name: one for name, one in said.items() if one is not None})


def _origins(document: Document) -> Mapping[str, str]:
    lines = {path: f"{document.name}:{line}" for path, line in document.lines.items()}
    return {
        ".".join(map(str, path)): who for path, who in {**lines, **document.origins}.items() if path
    }
