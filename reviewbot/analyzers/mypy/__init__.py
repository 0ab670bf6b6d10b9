"""Mypy: types, over the whole project."""

from reviewbot.analyzers.mypy.types import Mypy

__all__ = ["Mypy"]
