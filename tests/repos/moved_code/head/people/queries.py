"""Questions about people."""


def count(rows: list[dict[str, str]]) -> int:
    return len(rows)
