from shop.tax import rate


def line(net: float) -> str:
    return f"{net} at {rate():.0%}"
