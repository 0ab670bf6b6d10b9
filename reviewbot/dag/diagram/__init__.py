"""A graph or a run, drawn: value to text, nothing else."""
