"""Graphs of everything the engine can do, put together by dice; the same for the same seed."""

from collections.abc import Sequence
from random import Random
from typing import Any

import anyio

from reviewbot.dag.condition import Condition
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Breaker, Cost, Fallback, Policy
from reviewbot.dag.retry import Retry

VALUES = ((1, 2, 3), {"a": 1, "b": 2}, 7, ())


class Escalation(Exception):
    """Ends the run early."""

    failure_kind = FailureKind.ESCALATE


class Anything:
    """Makes graphs, of subgraphs up to a depth, over the given inputs."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - the same graph every time

    def graph(self, inputs: Sequence[str], depth: int) -> Graph:
        """A graph of one to five nodes."""
        nodes: list[Node] = []
        for place in range(self.dice.randint(1, 5)):
            nodes.append(self.node(f"n{place}", [each.name for each in nodes], inputs, depth))
        return Graph(nodes, dict.fromkeys(inputs, Any))

    def node(self, name: str, nodes: Sequence[str], inputs: Sequence[str], depth: int) -> Node:
        """A node that may need some nodes and inputs, map over one, or be a graph itself."""
        dice, known = self.dice, [*nodes, *inputs]
        sources = dice.sample(known, min(len(known), dice.randint(0, 3)))
        edges = tuple(self.edge(source, is_node=source in nodes) for source in sources)
        is_graph = depth > 0 and dice.random() < 0.3
        return Node(
            name=name,
            run=self.nested(edges, depth) if is_graph else self.work(),
            edges=edges,
            policy=self.patience() if is_graph else self.patience().merged(self.terms()),
            each=self.each(edges),
            when=self.condition(),
        )

    def edge(self, source: str, *, is_node: bool) -> Edge:
        """An edge of any kind; a graph's input has no outcome to ask for."""
        kinds = (EdgeKind.VALUE, EdgeKind.OPTIONAL, *([EdgeKind.OUTCOME] if is_node else []))
        return Edge(parameter=f"from_{source}", node=source, kind=self.dice.choice(kinds))

    def nested(self, edges: Sequence[Edge], depth: int) -> Nested:
        """A subgraph over what its node is given."""
        graph = self.graph([edge.parameter for edge in edges], depth - 1)
        return Nested(graph=graph, gives=self.dice.choice(["", *graph.nodes]))

    def each(self, edges: Sequence[Edge]) -> Each | None:
        """A map over the first edge, now and then; often of what is no collection."""
        if not edges or self.dice.random() > 0.35:
            return None
        over = {edges[0].parameter: edges[0].node}
        parallel, limit = self.dice.choice([None, 1, 2]), self.dice.choice([None, 2])
        return Each(over=over, parallel=parallel, limit=limit)

    def condition(self) -> Condition | None:
        """A condition that holds or not, now and then."""
        holds = self.dice.random() < 0.5
        is_there = self.dice.random() < 0.15
        return Condition(text="as the dice fell", test=lambda: holds) if is_there else None

    def patience(self) -> Policy:
        """How long and how often."""
        choice = self.dice.choice
        retry = Retry(on=(ConnectionError, TimeoutError), attempts=3, base=0.3)
        return Policy(
            timeout=choice([None, None, 0.5, 2.0]),
            total=choice([None, None, None, 3.0]),
            retry=choice([None, retry]),
            fallback=choice([None, None, None, Fallback(value=0)]),
            priority=choice([-1, 0, 1]),
        )

    def terms(self) -> Policy:
        """What is taken, held and paid meanwhile."""
        choice = self.dice.choice
        return Policy(
            resources=choice([{}, {}, {"cpu": 1.0}, {"cpu": 3.0}]),
            exclusive=choice([(), (), ("lock",)]),
            cost=choice([None, None, *(Cost(estimate={"usd": usd}) for usd in (0.1, 0.5, 2.0))]),
            breaker=choice([None, None, None, Breaker(key="b", failures=2, cooldown=1)]),
        )

    def work(self) -> Any:
        """What fails, hangs, swallows its cancellation, or answers; by dice of its own."""
        dice = Random(self.dice.random())  # noqa: S311 - the same graph every time

        async def work(**_given: object) -> object:
            fate = dice.random()
            if fate < 0.3:
                raise dice.choice([ConnectionError, ConnectionError, ValueError, Escalation])(fate)
            try:
                await anyio.sleep(dice.choice([0, 0, 0.1, 1, 5]))
            except BaseException:
                if fate > 0.4:
                    raise
            return dice.choice(VALUES)

        return work
