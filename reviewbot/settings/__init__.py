"""``.reviewbot.yml`` → frozen Settings: strict, with the origin of every value."""

from reviewbot.settings.durations import parse_duration
from reviewbot.settings.model import (
    FILE_NAME,
    AnalysisSettings,
    OwnSettings,
    RetryDefaults,
    RetrySettings,
    Settings,
)

__all__ = [
    "FILE_NAME",
    "AnalysisSettings",
    "OwnSettings",
    "RetryDefaults",
    "RetrySettings",
    "Settings",
    "parse_duration",
]
