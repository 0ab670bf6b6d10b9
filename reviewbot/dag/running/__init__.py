"""A run while it goes on: the queue, the wall around each node, time, money and events."""
