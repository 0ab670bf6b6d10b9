"""Everything that is wrong with a document is said at once: where, what, and what to do."""

import pytest

from reviewbot.dag.declare.load import load, load_data
from reviewbot.dag.error import GraphError
from tests.dag.declare.world import REGISTRY, problems

TABLE = {
    "unknown key": (
        "nodes: {lint: {use: ruff, timout: 5s}}",
        ["3: unknown key nodes.lint.timout; did you mean 'timeout'?"],
    ),
    "unknown key of the document": (
        "defaluts: {}",
        ["3: unknown key defaluts; did you mean 'defaults'?"],
    ),
    "unknown key inside": (
        "nodes: {lint: {use: ruff, retry: {atempts: 2}}}",
        ["3: unknown key nodes.lint.retry.atempts; did you mean 'attempts'?"],
    ),
    "unknown key with no near one": (
        "run: {zzz: 2}",
        [
            (
                "3: unknown key run.zzz; known here: "
                "budgets, deadline, estimates, grace, limits, max_parallel, seed"
            )
        ],
    ),
    "unknown kind": (
        "nodes: {lint: {use: rufff}}",
        ["3: unknown kind 'rufff'; did you mean 'ruff'?"],
    ),
    "neither kind nor template": (
        "nodes: {lint: {timeout: 5s}}",
        ["3: 'lint' needs either use or template; say what it does"],
    ),
    "unknown type": (
        "graphs:\n  a: {inputs: {b: 'lst[str]', c: Chnge, d: '3', e: 'list[str'}}",
        [
            "4: unknown type 'lst'; did you mean 'list'?",
            "4: unknown type 'Chnge'; did you mean 'Change'?",
            "4: '3' is no type (it is a value)",
            "4: 'list[str' is no type ('[' was never closed (<unknown>, line 1))",
        ],
    ),
    "no duration": (
        "nodes: {lint: {use: ruff, timeout: soon}}",
        ["3: nodes.lint.timeout: a time such as 90s, 5m, 1h30m or 500ms is expected; it is 'soon'"],
    ),
    "wrong types of values": (
        "nodes: {lint: {use: ruff, priority: high, exclusive: cache, resources: {cpu: two}}}",
        [
            "3: nodes.lint.priority: a whole number is expected; it is 'high'",
            "3: nodes.lint.resources.cpu: a number is expected; it is 'two'",
            "3: nodes.lint.exclusive: a list is expected; it is 'cache'",
        ],
    ),
    "a number out of range": (
        "nodes: {lint: {use: ruff, retry: {attempts: 0, factor: 0.5}, timeout: 0}}",
        [
            "3: nodes.lint.timeout: Input should be greater than 0; it is 0.0",
            "3: nodes.lint.retry.attempts: Input should be greater than or equal to 1; it is 0",
            "3: nodes.lint.retry.factor: Input should be greater than or equal to 1; it is 0.5",
        ],
    ),
    "a bad name": (
        "nodes: {1st: {use: ruff}}",
        ["3: nodes.1st: a name is letters, digits, _ and -, and begins with a letter; it is '1st'"],
    ),
    "constants": (
        "nodes: {lint: {use: ruff, with: {selct: [E], limit: many}}}",
        [
            "3: no parameter 'selct'; did you mean 'select'?",
            "3: limit: a whole number is expected, it is 'many'",
        ],
    ),
    "constant and input": (
        "nodes: {lint: {use: ruff, with: {limit: 3}, inputs: {limit: types}}, types: {use: mypy}}",
        ["3: 'limit' of 'lint' is a constant already"],
    ),
    "a need that is not there": (
        "nodes:\n  lint: {use: ruff}\n  both: {use: both, inputs: {lint: lnt, types: lint}}",
        ["5: missing input 'lnt' of 'both'; did you mean 'lint'?"],
    ),
    "a need that nobody takes": (
        "nodes: {lint: {use: ruff}, types: {use: mypy, needs: [lint]}}",
        ["3: 'types' takes no 'lint'; it takes change"],
    ),
    "an input that nobody takes": (
        "nodes: {types: {use: mypy, inputs: {chang: change}}}",
        ["3: 'types' takes no 'chang'; did you mean 'change'?"],
    ),
    "types that clash": (
        "nodes:\n  text: {use: tell, inputs: {text: types}}\n  types: {use: mypy}",
        ["4: 'types' gives Analysis, but 'text' of 'text' expects str"],
    ),
    "an item that clashes": (
        "nodes:\n  types: {use: mypy, each: {change: parts}}\n  parts: {use: hunks}",
        ["4: 'parts' gives items of str, but 'change' of 'types' expects items of Change"],
    ),
    "no collection to map over": (
        "nodes:\n  types: {use: mypy, each: {change: lint}}\n  lint: {use: ruff}",
        ["4: 'lint' gives Analysis, which is no collection 'types' could map"],
    ),
    "one value from many": (
        (
            "nodes:\n"
            "  parts: {use: hunks}\n"
            "  asked: {use: ask, each: {hunk: parts}}\n"
            "  text:\n"
            "    use: tell\n"
            "    inputs: {text: asked}"
        ),
        ["8: 'asked' gives Items[str], but 'text' of 'text' expects str"],
    ),
    "an input has no outcome": (
        "nodes: {merge: {use: merge, needs: [change]}}",
        [
            "3: 'change' is an input and has no outcome for 'merge'",
            "3: 'change' gives Change, but 'change' of 'merge' expects Analysis",
        ],
    ),
    "a node is no input": (
        "nodes: {change: {use: merge}}",
        ["3: 'change' is a node and an input"],
    ),
    "a cycle": (
        (
            "nodes:\n"
            "  one: {use: merge, needs: [three]}\n"
            "  two: {use: merge, needs: [one]}\n"
            "  three: {use: merge, needs: [two]}\n"
            "  after: {use: act, inputs: {merge: three}}"
        ),
        [
            "4: cycle: one -> two -> three -> one; one in line 4, two in line 5, three in line 6",
            "7: 'after' is unreachable behind a cycle",
        ],
    ),
    "unknown names in a condition": (
        "nodes: {lint: {use: ruff, when: chnge.added_lines > 3 and typs}, types: {use: mypy}}",
        [
            "3: unknown name 'chnge'; did you mean 'change'?",
            "3: unknown name 'typs'; did you mean 'types'?",
        ],
    ),
    "unknown attributes in a condition": (
        "nodes: {types: {use: mypy, when: lint.cuont > 3}, lint: {use: ruff}}",
        ["3: Analysis has no 'cuont'; did you mean 'count'?"],
    ),
    "a condition that never holds": (
        "nodes: {types: {use: mypy, when: lint.level == 'blockd'}, lint: {use: ruff}}",
        ["3: Level never equals 'blockd'; did you mean 'blocked'?"],
    ),
    "a condition about nothing": (
        "nodes: {types: {use: mypy, when: 1 < 2}}",
        ["3: the condition asks for nothing; leave it out"],
    ),
    "a condition that is no expression": (
        "nodes: {types: {use: mypy, when: change.title >}}",
        ["3: not understood: unexpected 'end of template'"],
    ),
    "unknown names in a template": (
        "nodes: {title: {template: '{{ change.titel }} {{ x }} {{ change.title | uper }}'}}",
        [
            "3: Change has no 'titel'; did you mean 'title'?",
            "3: unknown name 'x'",
            "3: unknown filter 'uper'; did you mean 'upper'?",
        ],
    ),
    "a default for what takes no default": (
        "nodes: {lint: {use: ruff}, merge: {use: merge, needs: [{node: lint, default: 3}]}}",
        ["3: 'lint' of 'merge' gets the outcome whatever it is; leave out the rest"],
    ),
    "optional for what takes no None": (
        "nodes: {m: {use: merge}, go: {use: act, inputs: {merge: {node: m, optional: true}}}}",
        ["3: 'merge' of 'go' takes Analysis, which is never None; state a default"],
    ),
    "an outcome for what takes a value": (
        "nodes: {m: {use: merge}, go: {use: act, inputs: {merge: {node: m, outcome: true}}}}",
        ["3: 'merge' of 'go' takes Analysis, not an outcome; annotate it Outcome[Analysis]"],
    ),
    "unknown names of a policy": (
        (
            "nodes: {lint: {use: ruff, retry: {on: [ToolCrash], on_retry: askin}, "
            "fallback: {make: empt}, invariants: [nonempty], breaker: {key: x, on: [OSErr]}}}"
        ),
        [
            "3: unknown error 'ToolCrash'; did you mean 'ToolCrashed'?",
            "3: unknown function 'askin'; did you mean 'asking'?",
            "3: unknown function 'empt'; did you mean 'empty'?",
            "3: unknown error 'OSErr'; did you mean 'OSError'?",
            "3: unknown function 'nonempty'; did you mean 'non_empty'?",
        ],
    ),
    "a fallback that does not fit": (
        "nodes: {lint: {use: ruff, fallback: {cuont: 3}}}",
        ["3: fallback: an unknown key at cuont, it is 3"],
    ),
    "an invariant that does not fit": (
        "nodes: {lint: {use: ruff, invariants: [{name: few, holds: value.cuont < 3}]}}",
        ["3: Analysis has no 'cuont'; did you mean 'count'?"],
    ),
    "strength of what a condition does not ask": (
        (
            "nodes: {a: {use: mypy}, b: {use: mypy, "
            "when: {expression: a.count > 1, needs: [{node: aa, optional: true}]}}}"
        ),
        ["3: the condition does not ask for 'aa'; did you mean 'a'?"],
    ),
    "constants of a graph": (
        (
            "nodes: {a: {use: pack, with: {change: 1}}}\n"
            "graphs: {pack: {inputs: {change: Change}, nodes: {b: {use: mypy}}}}"
        ),
        ["3: a graph takes no constants; give its nodes some"],
    ),
    "an input that a graph does not take": (
        (
            "nodes: {a: {use: pack, inputs: {chang: change}}}\n"
            "graphs: {pack: {inputs: {change: Change}, nodes: {b: {use: mypy}}}}"
        ),
        ["3: 'a' takes no 'chang'; did you mean 'change'?"],
    ),
    "a graph that nobody uses is read too": (
        "graphs: {pack: {nodes: {b: {use: mpy}}}}",
        ["3: unknown kind 'mpy'; did you mean 'mypy'?"],
    ),
    "a backup that is none": (
        "nodes: {lint: {use: ruff, backups: [patern, act]}}",
        [
            "3: no kind 'patern' can be a backup; did you mean 'patterns'?",
            "3: backup 'act' does not take the same inputs: missing a required argument: 'merge'",
            "3: backup 'act' gives str, not Analysis",
        ],
    ),
    "unknown kinds and routes of failures": (
        "nodes: {lint: {use: ruff, routes: {transiet: retry, flaky: rety}}}",
        [
            (
                "3: nodes.lint.routes.transiet: Input should be 'transient', 'fixable', 'config', "
                "'needs replan', 'escalate', 'flaky', 'regression', 'new failure', "
                "'platform specific', 'test bug' or 'unknown'; it is 'transiet'"
            ),
            (
                "3: nodes.lint.routes.flaky: Input should be 'usual', 'retry', 'repair', "
                "'reroute', 'fall back', 'fail', 'skip' or 'stop'; it is 'rety'"
            ),
        ],
    ),
    "branches": (
        (
            "nodes: {m: {use: merge}, stop: {use: act, inputs: {merge: m}}}\n"
            "branches:\n"
            "  one: {on: m.level, cases: {blocked: stop}}\n"
            "  two: {on: m.level, cases: {blockd: stop, fine: stp, blocked: []}}\n"
            "  three: {on: m.count, cases: {x: stop}}\n"
            "  four: {on: m.is_empty, cases: {true: stop, false: []}, default: [stop]}"
        ),
        [
            "5: branch 'm.level' maps no <Level.FINE: 'fine'>",
            "6: no node 'stp' to branch to; did you mean 'stop'?",
            "6: Level never answers 'blockd'; did you mean 'blocked'?",
            "7: int never answers 'x'",
            "7: the answers of branch 'm.count' cannot be enumerated; state a default",
            "8: the default is unreachable: every answer has a case; leave it out",
        ],
    ),
    "subgraphs": (
        (
            "nodes: {a: {use: pack, gives: lnt, with: {x: 1}}, b: {use: ruff, gives: x}}\n"
            "graphs:\n"
            "  pack: {inputs: {change: Change}, nodes: {lint: {use: ruff}}, branchs: {}}\n"
            "  loop: {nodes: {x: {use: loop}}}\n"
            "  ruff: {nodes: {}}\n"
        ),
        [
            "3: 'a' has no node 'lnt'; did you mean 'lint'?",
            "3: 'ruff' is no graph and has no nodes",
            "5: unknown key graphs.pack.branchs; did you mean 'branches'?",
            "6: a graph uses itself: loop -> loop",
            "7: 'ruff' is a kind of the registry already; give it another name",
        ],
    ),
}


@pytest.mark.feature("E27")
@pytest.mark.parametrize("case", TABLE)
def test_a_problem_is_named_with_its_line_and_what_to_do(case: str) -> None:
    text, said = TABLE[case]
    assert problems(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "graph.yml:1: the version is missing; write version: 1"),
        (
            "version: 2",
            "graph.yml:1: version 2 is newer than this program, which reads 1; use a newer program",
        ),
        ("version: 0", "graph.yml:1: version 0 was never published; write version: 1"),
        ("version: true", "graph.yml:1: version True was never published; write version: 1"),
        ("version: '1'", "graph.yml:1: version '1' was never published; write version: 1"),
        ("[]", "graph.yml:1: a mapping of keys is expected at the top"),
        ("version: 1\nnodes: []", "graph.yml:2: nodes: a mapping of names is expected"),
        ("version: 1\ngraphs: 3", "graph.yml:2: graphs: a mapping of names is expected"),
        ("version: 1\ngraphs: {a: 3}", "graph.yml:2: a mapping of keys is expected"),
        ("version: 1\ninputs: 3", "graph.yml:2: inputs: a mapping is expected; it is 3"),
        (
            "version: 1\ndefaults: 3",
            "graph.yml:2: defaults: a mapping of keys is expected; it is 3",
        ),
        (
            "version: 1\nnodes: {a: 3}",
            "graph.yml:2: nodes.a: a mapping of keys is expected; it is 3",
        ),
        ("version: 1\nbranches: {a: {}}", "graph.yml:2: branches.a.on: it is missing"),
    ],
)
def test_what_is_no_document_of_this_version_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(GraphError) as caught:
        load(text, REGISTRY)
    assert said in caught.value.problems


def test_the_problems_of_plain_data_are_named_by_their_keys() -> None:
    with pytest.raises(GraphError) as caught:
        load_data({"version": 1, "nodes": {"lint": {"use": "rufff"}}}, REGISTRY, name="graph.json")
    assert caught.value.problems == (
        "graph.json: nodes.lint.use: unknown kind 'rufff'; did you mean 'ruff'?",
    )


def test_one_bad_node_hides_nothing_of_the_others_and_is_not_called_unknown() -> None:
    assert problems(
        "nodes:\n  lint: {use: rufff}\n  types: {use: mypy, timeout: soon}\n"
        "  both: {use: both, needs: [lint, types], when: lint.anything > types.anything, cache: 3}"
    ) == [
        "4: unknown kind 'rufff'; did you mean 'ruff'?",
        "5: nodes.types.timeout: a time such as 90s, 5m, 1h30m or 500ms is expected; it is 'soon'",
        "6: nodes.both.cache: a mapping of keys is expected; it is 3",
    ]
