def total(prices: list[float]) -> float:
    return sum(prices)


def count(prices: list[float]) -> int:
    return str(len(prices))
