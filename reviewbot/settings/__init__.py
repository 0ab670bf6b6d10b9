"""``.reviewbot.yml`` → frozen Settings: strict, with the origin of every value."""

from reviewbot.settings.load import FILE_NAME, load_settings
from reviewbot.settings.model import (
    AnalysisSettings,
    Defaults,
    Settings,
    TestsSettings,
    VerdictSettings,
)

__all__ = [
    "FILE_NAME",
    "AnalysisSettings",
    "Defaults",
    "Settings",
    "TestsSettings",
    "VerdictSettings",
    "load_settings",
]
