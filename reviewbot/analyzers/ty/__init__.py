"""Ty: the backup for types."""

from reviewbot.analyzers.ty.types import Ty

__all__ = ["Ty"]
