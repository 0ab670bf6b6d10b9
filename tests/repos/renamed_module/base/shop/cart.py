from shop.tax import rate


def total(net: float) -> float:
    return float(net * (1 + rate()))
