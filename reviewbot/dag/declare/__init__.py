"""A graph written down: YAML, or plain data, and a registry of what may stand in it -> a Graph.

Read in this order: `registry`, `entries` (the form of a document), `load`, `data` (the way back).
Loads pyyaml, jinja2 and pydantic; the engine itself needs none of it.
"""
