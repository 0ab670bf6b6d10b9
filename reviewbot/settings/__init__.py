"""``.reviewbot.yml`` → frozen Settings: strict, with the origin of every value."""

from reviewbot.settings.load import FILE_NAME, load_settings, settings_schema
from reviewbot.settings.model import (
    AnalysisSettings,
    Defaults,
    Settings,
    TestsSettings,
    VerdictSettings,
    parse_duration,
)

__all__ = [
    "FILE_NAME",
    "AnalysisSettings",
    "Defaults",
    "Settings",
    "TestsSettings",
    "VerdictSettings",
    "load_settings",
    "parse_duration",
    "settings_schema",
]
