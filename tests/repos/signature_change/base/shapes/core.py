import os
import re


def area(width: float, height: float) -> float:
    if "AREA_DEBUG" in os.environ:
        print(width, height)
    return width * height


def perimeter(width: float, height: float) -> int:
    return 2 * (width + height)
