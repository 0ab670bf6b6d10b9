"""``reviewbot config``: good or wrong with its place, and every value with its origin."""

from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.create(tmp_path / "bin")


def test_good_settings_are_called_good_and_drawn(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / ".reviewbot.yml").write_text("analyses: {lint: false}\n")

    ended = bench.run("config", "check", str(tmp_path))

    told = ended.out.splitlines()
    assert (ended.code, told[0]) == (0, ".reviewbot.yml: good")
    assert told[1].endswith("skipped (configuration: switched off at .reviewbot.yml:1)")


@pytest.mark.feature("E27")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "analyses:\n  lnit: {tool: ruff}\n",
            ".reviewbot.yml:2: unknown key 'analyses.lnit'; did you mean 'lint'?",
        ),
        (
            "verdict:\n  approve: whenclean\n",
            ".reviewbot.yml:2: verdict.approve: Input should be 'never' or 'when_clean'",
        ),
        ("defaults: {retry: {attempts: 9}}\n", ".reviewbot.yml:1: defaults.retry.attempts: "),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    text: str, said: str, bench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / ".reviewbot.yml").write_text(text)

    ended = bench.run("config", "check", str(tmp_path))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"reviewbot: {said}")


@pytest.mark.feature("U15")
def test_every_value_has_an_origin(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / ".reviewbot.yml").write_text("defaults: {timeout: 3m}\n")
    stronger = {"REVIEWBOT_SET": "defaults.deadline=5m; defaults.timeout=4m"}

    ended = bench.run(
        *("config", "explain", str(tmp_path), "--set", "defaults.deadline=6m"), secrets=stronger
    )

    rows = {line.split()[0]: line.split(maxsplit=2)[1:] for line in ended.out.splitlines()}
    assert rows["defaults.timeout"] == ["240", "REVIEWBOT_SET defaults.timeout"]
    assert rows["defaults.deadline"] == ["360", "--set defaults.deadline"]
    assert rows["analyses.lint.timeout"] == [
        "240",
        "defaults.timeout, REVIEWBOT_SET defaults.timeout",
    ]
    assert rows["setup"] == ["auto", "default"]
