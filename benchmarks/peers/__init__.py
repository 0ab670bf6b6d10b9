"""Others that run a graph, one module each: `build` makes their graph of names and links.

Each module runs as a program of its own (`benchmarks.engine.worker.serve`), so that a peer that is
not installed costs nobody else anything. A peer is used as its documentation says, with the least
a node of it can be.
"""
