"""Questions about people."""


def oldest(rows: list[dict[str, int]]) -> int:
    best = None
    for row in rows:
        if best == None:
            best = row["age"]
        if row["age"] > best:
            best = row["age"]
    unused_total = len(rows)
    return best


def names(rows: list[dict[str, str]]) -> list[str]:
    l = [row["name"] for row in rows]
    try:
        l.sort()
    except:
        return []
    return l


def lookup(rows: list[dict[str, str]], name: str) -> dict[str, str]:
    found = [row for row in rows if row["name"] == name]
    if found == None:
        return {}
    return found
