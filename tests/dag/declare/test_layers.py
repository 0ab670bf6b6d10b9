"""Who says what: defaults, then a node's own, then the environment, then the command line."""

import pytest

from reviewbot.dag.declare.layers import Override, from_environment
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.running.options import Options
from tests.dag.declare.world import declared, problems

TEXT = """
defaults: {timeout: 2m, retry: {attempts: 2, on: [OSError]}}
run: {max_parallel: 4, deadline: 10m}
nodes:
  lint: {use: ruff, timeout: 60s}
  types: {use: mypy, priority: 3}
"""


def by_hand(*pairs: str) -> tuple[Override, ...]:
    return tuple(
        Override(key=pair.partition("=")[0], text=pair.partition("=")[2], origin="--set")
        for pair in pairs
    )


@pytest.mark.feature("U03")
def test_each_layer_is_stronger_than_the_one_before() -> None:
    environment = from_environment(
        {
            "GRAPH__DEFAULTS__TIMEOUT": "90s",
            "GRAPH__NODES__LINT__TIMEOUT": "45s",
            "GRAPH__RUN__MAX_PARALLEL": "2",
            "PATH": "/bin",
        },
        "GRAPH",
    )
    plain = declared(TEXT)
    assert plain.graph.nodes["lint"].policy.timeout == 60
    assert plain.graph.nodes["types"].policy.timeout == 120
    assert plain.options == Options(max_parallel=4, deadline=600)

    second = declared(TEXT, overrides=environment)
    assert second.graph.nodes["lint"].policy.timeout == 45
    assert second.graph.nodes["types"].policy.timeout == 90
    assert second.options == Options(max_parallel=2, deadline=600)

    third = declared(TEXT, overrides=(*environment, *by_hand("nodes.lint.timeout=5s")))
    assert third.graph.nodes["lint"].policy.timeout == 5
    retry = Retry(on=(OSError,), attempts=2)
    assert third.graph.nodes["types"].policy == Policy(timeout=90, retry=retry, priority=3)


@pytest.mark.feature("U03")
def test_the_origin_of_every_value_is_known() -> None:
    found = declared(TEXT, overrides=by_hand("nodes.lint.timeout=5s", "run.limits={cpu: 2}"))
    assert found.origins["defaults.timeout"] == "graph.yml:4"
    assert found.origins["nodes.types.priority"] == "graph.yml:8"
    assert found.origins["nodes.lint.timeout"] == "--set nodes.lint.timeout"
    assert found.origins["run.limits"] == "--set run.limits"
    assert found.options.limits == {"cpu": 2}


def test_a_star_means_every_name_that_is_there() -> None:
    found = declared(TEXT, overrides=by_hand("nodes.*.retry.attempts=1", "nodes.*.exclusive=[a]"))
    assert {one.policy.retry for one in found.graph.nodes.values()} == {
        Retry(on=(OSError,), attempts=1)
    }
    assert all(one.policy.exclusive == ("a",) for one in found.graph.nodes.values())


def test_a_node_may_come_from_above_and_be_replaced() -> None:
    found = declared(
        TEXT, overrides=by_hand("nodes.more={use: patterns}", "nodes.lint={use: mypy}")
    )
    assert set(found.graph.nodes) == {"lint", "types", "more"}
    assert found.graph.nodes["lint"].policy.timeout == 120


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (
            "nodes.lint.timout=5s",
            "--set nodes.lint.timout: unknown key nodes.lint.timout; did you mean 'timeout'?",
        ),
        (
            "nodes.lint.timeout=soon",
            (
                "--set nodes.lint.timeout: nodes.lint.timeout: "
                "a time such as 90s, 5m, 1h30m or 500ms is expected; it is 'soon'"
            ),
        ),
        ("nodes.lint.priority=[", "1: --set nodes.lint.priority: '[' is no value"),
        ("nodes.lint.use.more=3", "1: --set nodes.lint.use.more: a key in it holds no keys"),
        (
            "nodes.lnt.timeout=3s",
            "--set nodes.lnt.timeout: 'lnt' needs either use or template; say what it does",
        ),
        (
            "nodes.lint.when=change.lines > 3",
            "--set nodes.lint.when: Change has no 'lines'; did you mean 'added_lines'?",
        ),
    ],
)
def test_what_is_wrong_with_an_override_is_said_with_its_origin(pair: str, said: str) -> None:
    assert problems(TEXT, overrides=by_hand(pair)) == [said]
