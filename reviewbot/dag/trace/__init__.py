"""A graph, or a run of it, as one plain document that can be kept, sent and drawn."""
