"""What a later step reads is what we meant, whatever the values hold."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.cli.runner import Runner, read_runner
from reviewbot.errors import UsageError


def runner(folder: Path) -> Runner:
    return read_runner(
        {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }
    )


def parsed(text: str) -> dict[str, str]:
    """A port of the runner's parser (actions/runner, FileCommandManager.cs)."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            found[line[:equals]] = line[equals + 1 :]
            continue
        assert heredoc >= 0, f"no command: {line}"
        name, end = line[:heredoc], line[heredoc + 2 :]
        value = []
        for inner in lines:
            if inner == end:
                break
            value.append(inner)
        else:
            pytest.fail("the delimiter is missing")
        found[name] = "\n".join(value)
    return found


values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))


@pytest.mark.feature("G16")
@given(values, st.sampled_from(["verdict", "review-url"]))
def test_no_value_becomes_a_second_output(
    tmp_path_factory: pytest.TempPathFactory, value: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("step")

    runner(folder).write_outputs({name: value, "last": "x=1\nevil<<EOF"})

    assert parsed((folder / "output").read_text(encoding="utf-8")) == {
        name: value,
        "last": "x=1\nevil<<EOF",
    }


@pytest.mark.parametrize("size", [999_999, 1_000_000, 1_000_001, 3_000_000])
def test_a_summary_stays_below_what_the_runner_drops(tmp_path: Path, size: int) -> None:
    runner(tmp_path).write_summary("é" * (size // 2))

    written = (tmp_path / "summary").read_bytes()
    assert len(written) <= 1 << 20
    assert set(written.decode()) == {"é", "\n"}


def test_outside_of_a_workflow_somebody_is_told_what_to_use() -> None:
    with pytest.raises(UsageError, match="no workflow step") as refused:
        read_runner({})

    assert "reviewbot review" in refused.value.hint
