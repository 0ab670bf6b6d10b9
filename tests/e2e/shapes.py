"""A small project in which one change breaks another file."""

BASE = {
    "shapes/__init__.py": "",
    "shapes/core.py": (
        'def area(w: float, h: float) -> float:\n    """The area."""\n    return w * h\n'
    ),
    "shapes/price.py": (
        "from shapes.core import area\n\n\ndef price(w: float) -> float:\n    return area(w, 2.0)\n"
    ),
}
BROKEN = {
    "shapes/core.py": (
        "import os\n\n\n"
        "def area(w: float, h: float, *, unit: str) -> float:\n"
        '    """The area."""\n'
        "    return w * h\n"
    ),
    "shapes/run.py": "def run(text: str) -> object:\n    return eval(text)\n",
}
MENDED = {
    "shapes/core.py": BASE["shapes/core.py"].replace("The area", "The area in square units"),
    "shapes/run.py": None,
}
