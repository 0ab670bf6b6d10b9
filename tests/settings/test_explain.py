"""Every key is explained, with its value and whoever set it."""

import pytest

from reviewbot.settings.explain import Setting, explained
from reviewbot.settings.load import load_settings
from reviewbot.settings.model import Settings
from reviewbot.settings.override import parse_overrides

_FILE = """\
analyses:
  lint: false
  types:
    backups: []
    retry: {attempts: 4}
defaults: {timeout: 3m}
verdict:
  request_changes: never
"""


@pytest.mark.feature("U15")
@pytest.mark.parametrize(
    ("key", "value", "origin"),
    [
        ("version", "1", "default"),
        ("analyses.lint.enabled", "false", "s.yml:2"),
        ("analyses.lint.tool", "ruff", "default"),
        ("analyses.lint.timeout", "180", "defaults.timeout, s.yml:6"),
        ("analyses.lint.priority", "auto", "default"),
        ("analyses.types.backups", "[]", "s.yml:4"),
        ("analyses.types.retry.attempts", "4", "s.yml:5"),
        ("analyses.types.retry.base", "0.1", "defaults.retry.base, default"),
        ("analyses.types.timeout", "300", "default"),
        ("analyses.tests.run", "never", "--set analyses.tests.run"),
        ("verdict.request_changes", "never", "s.yml:8"),
    ],
)
def test_a_setting_says_what_it_is_and_who_said_so(key: str, value: str, origin: str) -> None:
    overrides = parse_overrides(["analyses.tests.run=never"], "--set")
    found = {each.key: each for each in explained(load_settings(_FILE, "s.yml", overrides))}

    assert found[key] == Setting(key=key, value=value, origin=origin)


def test_without_settings_everything_is_a_default() -> None:
    assert {each.origin.rpartition(", ")[2] for each in explained(Settings())} == {"default"}
