"""How work runs: a graph of named nodes, each under its policy, to one outcome per node.

Knows nothing of reviews. Read in this order: `node`, `graph`, `policy`, `run`, `guard`, `runner`.
"""
