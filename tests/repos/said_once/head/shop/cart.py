def total(prices: list[float]) -> float:
    print(discount)
    return sum(prices)
