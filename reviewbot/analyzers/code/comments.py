"""Source lines taken apart into code and comment, so that a string never looks like a comment."""

import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One physical line.

    Attributes:
        number: from 1.
        code: its tokens without strings and comments, joined by single spaces.
        comment: its comment with the ``#``, or an empty string.
        leading: whether only comments and blank lines stand above it.
    """

    number: int
    code: str = ""
    comment: str = ""
    leading: bool = False


def lines(text: str) -> tuple[Line, ...]:
    """The lines of a module that hold code or a comment.

    Where the text is no Python the rest is cut at its ``#`` signs: a string may then pass for a
    comment, but no comment is missed.
    """
    tokens: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            tokens.append(token)  # noqa: PERF402 -- what came before an error counts
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        broken = tokens[-1].start[0] if tokens else 1
        sound = (token for token in tokens if token.end[0] < broken)
        return (*_assembled(sound), *_cut(text, broken))
    return tuple(_assembled(tokens))


def _assembled(tokens: Iterable[tokenize.TokenInfo]) -> Iterator[Line]:
    code: dict[int, list[str]] = {}
    comments: dict[int, str] = {}
    first = None
    for token in tokens:
        line = token.start[0]
        if token.type == tokenize.COMMENT:
            comments[line] = token.string
        elif token.type not in _LAYOUT:
            first = first or line
            words = code.setdefault(line, [])
            words.append('""' if token.type == tokenize.STRING else token.string)
    for line in sorted(code.keys() | comments.keys()):
        yield Line(
            number=line,
            code=" ".join(code.get(line, ())),
            comment=comments.get(line, ""),
            leading=first is None or line < first,
        )


def _cut(text: str, first: int) -> Iterator[Line]:
    for number, line in enumerate(io.StringIO(text), start=1):
        code, sign, comment = line.partition("#")
        if number >= first:
            yield Line(number=number, code=code.strip(), comment=(sign + comment).strip())
