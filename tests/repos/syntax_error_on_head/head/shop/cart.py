def total(prices: list[float]) -> str:
    return sum(prices)
