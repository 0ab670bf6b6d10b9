"""What is done to the world is written down before it is done; a later process consults it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.effects import Effect, EffectState
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.node import node

pytestmark = pytest.mark.anyio


@node
async def post(change: str) -> str:
    return change


GRAPH = Graph([post], {"change": str})
INPUTS = {"change": "a"}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal") as opened:
        opened.begin("r1", GRAPH, INPUTS).close()
        yield opened


def comment(state: EffectState, receipt: str = "", digest: str = "d") -> Effect:
    return Effect(path="post", key="comment 1", digest=digest, state=state, receipt=receipt)


@pytest.mark.feature("S24")
@pytest.mark.parametrize(
    ("settled", "again", "given"),
    [
        (None, "d", comment(EffectState.INTENDED)),
        (EffectState.UNKNOWN, "d", comment(EffectState.UNKNOWN, "said")),
        (EffectState.UNKNOWN, "other", comment(EffectState.UNKNOWN, "said")),
        (EffectState.DONE, "d", comment(EffectState.DONE, "said")),
        (EffectState.DONE, "other", None),
        (EffectState.REFUSED, "d", None),
    ],
)
async def test_a_later_process_knows_what_an_earlier_one_did(
    journal: Journal, settled: EffectState | None, again: str, given: Effect | None
) -> None:
    with journal.resume("r1", GRAPH, INPUTS) as record:
        assert await record.effects.intend("post", "comment 1", "d") is None
        assert await record.effects.every() == (comment(EffectState.INTENDED),)
        if settled is not None:
            intended = comment(EffectState.INTENDED)
            now = await record.effects.settle(intended, settled, "said")
            assert await record.effects.every() == (now,)
    with journal.resume("r1", GRAPH, INPUTS) as record:
        assert await record.effects.intend("post", "comment 1", again) == given
        (left,) = await record.effects.every()
        assert left == (given or comment(EffectState.INTENDED, "", again))
        assert left.is_open == (left.state is not EffectState.DONE)


async def test_effects_of_other_runs_nodes_and_keys_are_others(journal: Journal) -> None:
    with journal.resume("r1", GRAPH, INPUTS) as one, journal.begin("r2", GRAPH, INPUTS) as two:
        for effects in (one.effects, two.effects):
            assert await effects.intend("post", "comment \udcff", "d") is None
            assert await effects.intend("post", "comment 2", "d") is None
            assert await effects.intend("pack/post", "comment 2", "d") is None
        assert len(await one.effects.every()) == 3


async def test_what_is_no_effect_is_refused(journal: Journal) -> None:
    with journal.resume("r1", GRAPH, INPUTS) as record:
        await record.effects.intend("post", "comment 1", "d")
        journal._store.one("UPDATE effects SET state = 'maybe'", ())
        with pytest.raises(JournalError, match="is damaged: an effect is"):
            await record.effects.every()
