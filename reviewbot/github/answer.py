"""What came back from GitHub, or that nothing did; and the port that fetches it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NoReturn, Protocol

from reviewbot.github.call import Call

Failure = Literal["", "network", "deadline", "library", "unsent"]


class Garbled(ValueError):
    """A text that cannot be the JSON that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, untouched.

    Attributes:
        status: of HTTP; 0 when there was no answer, and ``failure`` says why.
        headers: by their names in lower case.
        text: the body as UTF-8, other bytes as surrogates; of a failure its kind, never its text.
        failure: empty when there is an answer; ``network`` and ``deadline`` when it was lost on
            the way, ``library`` when the client library stumbled over it, ``unsent`` when nothing
            was asked because an earlier write is still under way or time was up before.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    failure: Failure = ""


class Port(Protocol):
    """The only way to GitHub."""

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Ask once, and never again by itself.

        Args:
            call: what to ask.
            deadline: when to give up, as ``anyio.current_time`` counts.

        Returns:
            An answer, or an answer that says that there was none; nothing is raised.
        """
        ...


def parse_json(text: str) -> object:
    """JSON that is only data of bounded depth.

    Raises:
        Garbled: no JSON, not UTF-8, NaN, an integer of thousands of digits, nested too deeply.
    """
    try:
        text.encode()
        value: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Garbled(type(error).__name__) from error
    return value


def _refuse(constant: str) -> NoReturn:
    raise Garbled(f"{constant} is no JSON")
