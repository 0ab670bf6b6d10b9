from shop import tax


def total(net: float) -> float:
    return float(net * (1 + tax.rate()))
