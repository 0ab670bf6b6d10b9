"""The only place that speaks git: plumbing by absolute path, deaf to what a repository can set."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reviewbot.errors import ToolCrashed
from reviewbot.process import Command, Completed, Limits, Programs

_MIB = 1 << 20

LARGEST = _MIB
"""Bytes of the largest file that is read; a larger text file makes a diff of unbounded cost."""

TEXT_ATTRIBUTES = "* !diff !text !eol !filter !ident !working-tree-encoding\n"
"""``info/attributes`` of our own directory: ``*.py -diff`` in a change would hide its lines."""

ODD_MODES = {"120000": "a symbolic link", "160000": "a submodule"}
"""What is no regular file, by its mode in a tree."""

_FLAGS = (
    "safe.bareRepository=explicit",  # a bare repository inside the change names a program to run
    "core.fsmonitor=false",  # the program that it names
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    f"core.bigFileThreshold={LARGEST}",
    "core.quotePath=true",  # raw line ends in names would forge file headers
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
    "diff.suppressBlankEmpty=false",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # a missing object must never start a transport
}
_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """git on one git directory.

    Attributes:
        programs: who starts it.
        program: absolute path of git.
        directory: absolute path of the git directory; nothing is ever discovered.
        work_tree: absolute path of the working tree, or None for commands that need none.
        index: absolute path of the index file, or None for the directory's own.
        added: environment of its own; for a fetch, which is allowed to leave the machine.
    """

    programs: Programs
    program: str
    directory: str
    work_tree: str | None = None
    index: str | None = None
    added: Mapping[str, str] = field(default_factory=dict, repr=False)

    def with_index(self, index: str) -> "Git":
        """The same on another index file."""
        return replace(self, index=index)

    def with_work_tree(self, work_tree: str) -> "Git":
        """The same with a working tree."""
        return replace(self, work_tree=work_tree)

    async def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        most: int = 16 * _MIB,
        seconds: float = _SECONDS,
    ) -> Completed:
        """Run one plumbing command, whatever its exit code.

        Args:
            arguments: the command and its arguments.
            stdin: what it reads.
            most: the most bytes that it may answer.
            seconds: the longest that it may take.

        Raises:
            ToolTimedOut: it takes longer than `seconds`.
            ToolCrashed: it answers more than `most`.
            ToolMissing: there is no git.
        """
        return await self.programs.run(
            Command(
                argv=(self.program, *self._flags(), *arguments),
                cwd="/",
                stdin=stdin,
                environment=self._environment(),
                limits=Limits(seconds=seconds, stdout=most),
                isolated=False,
            )
        )

    async def read(self, *arguments: str, stdin: bytes = b"", most: int = 16 * _MIB) -> bytes:
        """The answer of one plumbing command.

        Raises:
            ToolCrashed: its exit code is not 0; the message quotes git's first line.
            ToolError: as in ``run``.
        """
        return succeeded(arguments[0], await self.run(*arguments, stdin=stdin, most=most))

    async def answer(self, *arguments: str) -> str | None:
        """The one line a command answers, or None when it fails or says nothing."""
        done = await self.run(*arguments)
        return text(done.stdout).strip() or None if done.returncode == 0 else None

    def _flags(self) -> tuple[str, ...]:
        settings = (*_FLAGS, f"safe.directory={self.work_tree or self.directory}")
        where = [f"--git-dir={self.directory}"]
        if self.work_tree is not None:
            where.append(f"--work-tree={self.work_tree}")
        return (*(word for each in settings for word in ("-c", each)), *where)

    def _environment(self) -> dict[str, str]:
        index = {} if self.index is None else {"GIT_INDEX_FILE": self.index}
        return {**_ENVIRONMENT, **index, **self.added}


def text(data: bytes) -> str:
    """Bytes of git as a string that gives the same bytes back."""
    return data.decode("utf-8", "surrogateescape")


def raw(value: str) -> bytes:
    """The bytes that ``text`` was made from."""
    return value.encode("utf-8", "surrogateescape")


def records(answer: bytes) -> list[str]:
    """The parts of an answer in which every record ends with a NUL."""
    return text(answer).split("\0")[:-1]


def succeeded(command: str, done: Completed) -> bytes:
    """The answer of a command that has no reason to fail.

    Raises:
        ToolCrashed: it failed; the message quotes git's first line.
    """
    if done.returncode == 0:
        return done.stdout
    said = complaint(done)
    hint = "a partial clone? clone without --filter" if "unable to read" in said else ""
    raise ToolCrashed(f"git {command} failed: {said}", hint=hint)


def complaint(done: Completed) -> str:
    """The first line that git said about its failure, or its exit code."""
    lines = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
    return lines[0][:300] if lines else f"exit code {done.returncode}"
