"""Ask several things at once, and let an error through as it is, not in a group."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from anyio import create_task_group

T = TypeVar("T")
One = TypeVar("One")
Other = TypeVar("Other")


async def together(questions: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """The answers in the order of the questions; the first error cancels the other questions."""
    answers: dict[int, T] = {}

    async def ask(at: int, question: Callable[[], Awaitable[T]]) -> None:
        answers[at] = await question()

    try:
        async with create_task_group() as group:
            for at, question in enumerate(questions):
                group.start_soon(ask, at, question)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [answers[at] for at in sorted(answers)]


async def both(
    one: Callable[[], Awaitable[One]], other: Callable[[], Awaitable[Other]]
) -> tuple[One, Other]:
    """As ``together``, for two questions with answers of different kinds."""
    first: list[One] = []
    second: list[Other] = []

    async def ask_one() -> None:
        first.append(await one())

    async def ask_other() -> None:
        second.append(await other())

    await together((ask_one, ask_other))
    return first[0], second[0]
