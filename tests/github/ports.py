"""A port without a network: answers from a script, in order, and remembers what it was asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import anyio

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call
from reviewbot.github.reading import Reader


def says(status: int, body: object = None, **headers: str) -> Answer:
    """An answer with JSON, or with a text as it is."""
    text = body if isinstance(body, str) else json.dumps(body)
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content-type": "application/json; charset=utf-8"}
    return Answer(status=status, headers={**kind, **lines}, text=text)


LOST = Answer(status=0, failure="network", text="ConnectionError")


@dataclass(slots=True, kw_only=True)
class ScriptedPort:
    """Answers in order, whatever is asked; the last answer is given for ever after."""

    answers: tuple[Answer, ...]
    seen: list[Call] = field(default_factory=list)

    async def send(self, call: Call, *, deadline: float) -> Answer:
        del deadline
        self.seen.append(call)
        await anyio.lowlevel.checkpoint()
        return self.answers[min(len(self.seen), len(self.answers)) - 1]


@dataclass(slots=True, kw_only=True)
class AddressedPort:
    """One answer for each path; what is nowhere is not found."""

    answers: Mapping[str, Answer]
    seen: list[Call] = field(default_factory=list)

    async def send(self, call: Call, *, deadline: float) -> Answer:
        del deadline
        self.seen.append(call)
        await anyio.lowlevel.checkpoint()
        return self.answers.get(call.path, says(404, {"message": "Not Found"}))


def reader(*answers: Answer, seconds: float = 5.0) -> tuple[Reader, ScriptedPort]:
    """A reader of a script, which waits next to nothing between two tries of its own."""
    port = ScriptedPort(answers=answers)
    deadline = anyio.current_time() + seconds
    return Reader(port=port, deadline=deadline, first=0.001), port
