def total(prices: list[float]) -> float:
    subtotal = 0.0
    return sum(prices)
