"""Who looks on while a run goes on: listeners that write, draw, count and export its events."""
