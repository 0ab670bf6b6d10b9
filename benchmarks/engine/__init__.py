"""The engine beside its peers: cost per node, makespans, failures, imports, and the goals."""
