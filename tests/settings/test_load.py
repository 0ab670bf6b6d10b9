"""Settings are strict, and every mistake is one line with file, line and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import SettingsError
from reviewbot.settings.load import load_settings
from reviewbot.settings.model import (
    FollowUpSettings,
    OwnSettings,
    PublishSettings,
    Settings,
    Threshold,
)
from reviewbot.settings.override import parse_overrides


@pytest.mark.parametrize("text", ["", "# nothing\n", "version: 1\n", "---\n"])
def test_an_empty_file_is_a_good_file(text: str) -> None:
    found = load_settings(text)

    assert (found.analyses, found.defaults, found.verdict) == (
        Settings().analyses,
        Settings().defaults,
        Settings().verdict,
    )


def test_what_is_set_is_set_and_the_rest_keeps_its_default() -> None:
    found = load_settings(
        "analyses:\n"
        "  lint: false\n"
        "  types: {tool: ty, backups: [mypy], timeout: 1m30s}\n"
        "defaults: {max_parallel: 1, deadline: 1h}\n"
        "verdict: {request_changes: {severity: warning}, approve: when_clean}\n"
        "publish: {inline: 0, inline_severity: warning, labels: false}\n"
        "follow_up: {open_issue: blocking}\n"
    )

    assert not found.analyses.lint.enabled
    assert (found.analyses.types.tool, found.analyses.types.backups) == ("ty", ("mypy",))
    assert found.analyses.types.timeout == 90
    assert found.analyses.security == Settings().analyses.security
    assert (found.defaults.max_parallel, found.defaults.deadline) == (1, 3600)
    assert found.verdict.request_changes == Threshold(severity="warning")
    assert found.publish == PublishSettings(inline=0, inline_severity="warning", labels=False)
    assert found.follow_up == FollowUpSettings(open_issue="blocking")


def test_every_value_knows_where_it_was_set() -> None:
    found = load_settings("defaults:\n  deadline: 5m\n", "team.yml")

    assert found.origins == {"defaults": "team.yml:1", "defaults.deadline": "team.yml:2"}


MISTAKES = [
    ("analyse: {}", "s.yml:1: unknown key 'analyse'", "did you mean 'analyses'?"),
    ("\nanalyses:\n  lnt: {}", "s.yml:3: unknown key 'analyses.lnt'", "did you mean 'lint'?"),
    (
        "analyses:\n  types:\n    timeot: 5m",
        "s.yml:3: unknown key 'analyses.types.timeot'",
        "did you mean 'timeout'?",
    ),
    (
        "zzz: 1",
        "s.yml:1: unknown key 'zzz'",
        "known here: analyses, defaults, follow_up, publish, setup, verdict, version",
    ),
    (
        "analyses: {types: {tool: pyright}}",
        "s.yml:1: analyses.types.tool: Input should be 'mypy' or 'ty'",
        "it is 'pyright'",
    ),
    (
        "defaults:\n  timeout: soon",
        "s.yml:2: defaults.timeout: a time such as 90s, 5m or 1h30m is expected",
        "it is 'soon'",
    ),
    (
        "publish:\n  inline: 31",
        "s.yml:2: publish.inline: Input should be less than or equal to 30",
        "it is 31",
    ),
    (
        "follow_up: {merge: always}",
        "s.yml:1: follow_up.merge: Input should be 'never' or 'when_approved'",
        "it is 'always'",
    ),
    ("publish:\n  inlin: 3", "s.yml:2: unknown key 'publish.inlin'", "did you mean 'inline'?"),
    ("analyses: 3", "s.yml:1: analyses: a mapping of keys is expected", "it is 3"),
    ("version: 2", "s.yml:1: version: Input should be 1", "it is 2"),
    ("origins: {a: b}", "s.yml:1: unknown key 'origins'", ""),
]


@pytest.mark.feature("U02")
@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES, ids=[each[1] for each in MISTAKES])
def test_a_mistake_names_file_line_and_the_nearest_key(text: str, message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(text, "s.yml")

    assert (caught.value.message, caught.value.hint) == (message, hint)


NOT_DATA = [
    "a: &x 1\nb: *x",
    "x: !!python/object/apply:os.system [true]",
    "a: 1\na: 2",
    "[" * 3000,
    "{" * 3000,
    "- 1",
    "? [a]\n: 1",
    "a: " + "9" * 5000,
    "a\0: 1",
    "a: " + "x" * (64 << 10),
    "<<: {a: 1}",
]


@pytest.mark.parametrize("text", NOT_DATA, ids=range(len(NOT_DATA)))
def test_b10_what_is_more_than_small_data_is_refused_by_line(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^\.reviewbot\.yml:\d+: "):
        load_settings(text)


@given(st.text(max_size=60) | st.text("[]{}:,-&*!? \n#'\"|>ab1%@", max_size=60))
def test_b10_any_text_is_settings_or_one_line(text: str) -> None:
    assert "\n" not in _refusal(text)


def _refusal(text: str) -> str:
    try:
        load_settings(text)
    except SettingsError as error:
        return error.message
    return ""


_FILE = (
    "defaults: {timeout: 3m, retry: {attempts: 3, base: 1s}}\nanalyses:\n  types: {timeout: 4m}\n"
)


@pytest.mark.feature("U03")
@pytest.mark.parametrize(
    ("environment", "command", "timeout", "origin"),
    [
        ((), (), 240.0, "s.yml:3"),
        (("analyses.types.timeout=5m",), (), 300.0, "REVIEWBOT_SET analyses.types.timeout"),
        (
            ("analyses.types.timeout=5m",),
            ("analyses.types.timeout=6m",),
            360.0,
            "--set analyses.types.timeout",
        ),
        ((), ("analyses.types={timeout: 7m}",), 420.0, "--set analyses.types"),
    ],
)
def test_defaults_then_the_node_then_the_environment_then_the_command_line(
    environment: tuple[str, ...], command: tuple[str, ...], timeout: float, origin: str
) -> None:
    overrides = (
        *parse_overrides(environment, "REVIEWBOT_SET"),
        *parse_overrides(command, "--set"),
    )
    found = load_settings(_FILE, "s.yml", overrides)

    assert found.analyses.types.timeout == timeout
    assert found.origins.get("analyses.types.timeout", origin) == origin
    assert found.defaults.retry.base == 1.0
    assert found.analyses.security.retry.attempts is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deadline", "--set deadline: KEY=VALUE is expected"),
        ("=5m", "--set =5m: KEY=VALUE is expected"),
        ("defaults..timeout=5m", "--set defaults..timeout=5m: KEY=VALUE is expected"),
        ("defaults.timeuot=5m", "--set defaults.timeuot: unknown key 'defaults.timeuot'"),
        ("defaults.timeout=soon", "--set defaults.timeout: defaults.timeout: a time such as"),
        ("version.minor=1", "--set version.minor: 'version' holds no keys"),
        ("setup=[", "--set setup: '[' is no value"),
        ("setup=!!python/name:os.system", "--set setup: '!!python/name:os.system' is no value"),
    ],
)
def test_an_override_that_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings("version: 1\n", "s.yml", parse_overrides([text], "--set"))

    assert str(caught.value).startswith(said)


def test_an_analysis_that_a_file_switches_off_can_be_switched_on() -> None:
    overrides = parse_overrides(["analyses.lint.enabled=true"], "--set")

    assert load_settings("analyses: {lint: false}", "s.yml", overrides).analyses.lint.enabled


@pytest.mark.feature("E24")
def test_an_analysis_of_ones_own_stands_beside_ours() -> None:
    found = load_settings(
        'analyses:\n  todos: {use: todo, paths: ["*.md"], optional: true, timeout: 30s}\n'
    )

    assert found.analyses.own["todos"] == OwnSettings(
        use="todo", paths=("*.md",), optional=True, timeout=30.0
    )
    assert found.analyses.lint.enabled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("analyses:\n  todos: {tool: todo}\n", "s.yml:2: unknown key 'analyses.todos'"),
        ("analyses:\n  own: {a: {use: todo}}\n", "s.yml:2: unknown key 'analyses.own'"),
        ("analyses:\n  a-b: {use: todo}\n", "s.yml:2: analyses.a-b: "),
        ("analyses:\n  todos:\n    use: todo\n    path: x\n", "s.yml:4: unknown key"),
        ("analyses:\n  todos: {use: 3}\n", "s.yml:2: analyses.todos.use: "),
    ],
)
def test_an_own_analysis_is_read_as_strictly(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(text, "s.yml")

    assert str(caught.value).startswith(said)
