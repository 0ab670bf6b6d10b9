import re
from shop.tax import rate


def total(net: float) -> float:
    return net * (1 + rate())
