"""A pull request in which there is something to find: style, types across files, security."""

from textwrap import dedent

from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.scenario import Opened, open_pull_request


def _text(text: str) -> str:
    return dedent(text).lstrip("\n")


_BASE: Files = {
    "pyproject.toml": _text("""
        [project]
        name = "shapes"
        version = "1.0"

        [tool.mypy]
        strict = true
        """),
    "shapes/__init__.py": "",
    "shapes/area.py": _text('''
        """Areas of shapes."""

        import math


        def circle(radius: float) -> float:
            """The area of a circle."""
            return math.pi * radius**2


        def rectangle(width: float, height: float) -> float:
            """The area of a rectangle."""
            return width * height
        '''),
    "shapes/report.py": _text('''
        """What is printed about shapes."""

        from shapes.area import circle, rectangle


        def describe(radius: float) -> str:
            """A circle and the square around it, in words."""
            around = rectangle(2 * radius, 2 * radius)
            return f"{circle(radius):.2f} of {around:.2f}"
        '''),
    "tests/test_report.py": _text("""
        from shapes.report import describe


        def test_a_circle_is_described() -> None:
            assert describe(1.0) == "3.14 of 4.00"
        """),
}
_HEAD: Files = {
    "shapes/area.py": _text('''
        """Areas of shapes."""

        import math
        import os


        def circle(radius: float) -> float:
            """The area of a circle."""
            return math.pi * radius**2


        def rectangle(width: float, height: float, *, unit: str) -> str:
            """The area of a rectangle, with its unit."""
            return f"{width * height} {unit}"
        '''),
    "shapes/export.py": _text('''
        """Shapes as pictures."""

        import subprocess


        def export(name: str) -> None:
            """Draw a shape with the drawing program."""
            subprocess.run(f"draw --shape {name} --out {name}.png", shell=True)
        '''),
}


def demo(hub: Hub) -> Opened:
    """A pull request whose author changed a function and not all who call it."""
    return open_pull_request(hub, _BASE, _HEAD, title="Areas have units", author="ada")
