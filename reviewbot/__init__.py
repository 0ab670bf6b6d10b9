"""reviewbot: reviews a Python change, what it caused and nothing else."""

__version__ = "0.1.0"
