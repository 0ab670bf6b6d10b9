"""The three standard streams of a program that somebody else starts."""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """Both ends.

    Attributes:
        stdin: ours; None when the program reads ``/dev/null``.
        stdout: ours.
        stderr: ours.
        theirs: the program's, in the order of their numbers; to be closed when it has them.
    """

    stdin: IO[bytes] | None
    stdout: IO[bytes]
    stderr: IO[bytes]
    theirs: tuple[IO[bytes], IO[bytes], IO[bytes]]

    @classmethod
    def open(cls, on_failure: ExitStack, *, stdin: bool) -> Self:
        """Make them; the stack closes all of them when the program does not start.

        Args:
            on_failure: closes what was opened.
            stdin: whether the program has anything to read.
        """
        keep = on_failure.enter_context
        if stdin:
            read, write = _pipe()
            ours: IO[bytes] | None = keep(write)
            keep(read)
        else:
            ours, read = None, keep(open(os.devnull, "rb", buffering=0))  # noqa: PTH123, SIM115 -- the stack closes it
        out, out_theirs = map(keep, _pipe())
        err, err_theirs = map(keep, _pipe())
        return cls(stdin=ours, stdout=out, stderr=err, theirs=(read, out_theirs, err_theirs))

    @property
    def input(self) -> IO[bytes]:
        """Our end of its standard input, for whoever asked for one."""
        if self.stdin is None:
            raise RuntimeError("this pipe was not asked for")
        return self.stdin


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    """The readable and the writable end."""
    read, write = os.pipe()
    return os.fdopen(read, "rb", buffering=0), os.fdopen(write, "wb", buffering=0)
