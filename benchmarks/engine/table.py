"""Rows of text, aligned."""

from collections.abc import Sequence


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: names on the left, everything else on the right."""
    print(f"\n{title}\n")
    every = [tuple(columns), *map(tuple, rows)]
    widths = [max(len(row[place]) for row in every) for place in range(len(columns))]
    for row in every:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *rest)).rstrip(), flush=True)
