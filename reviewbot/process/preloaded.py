"""Which programs in Python are kept in memory, so that starting one costs a fork and no import."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from reviewbot.errors import ToolMissing
from reviewbot.process.command import Command
from reviewbot.process.environment import find_program

_FOLDERS = ("lib", "lib64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preloaded:
    """A program that the launcher imports before anybody asks for it.

    Attributes:
        argv: how its command lines start: the program, or an interpreter with a file.
        folders: where its modules are, absolute paths.
        module: the module to import.
        function: what to call there, without arguments.
    """

    argv: tuple[str, ...]
    folders: tuple[str, ...]
    module: str
    function: str

    @classmethod
    def script(cls, name: str, module: str, function: str) -> Self | None:
        """The console script beside our own interpreter; None when that is not what would start.

        See the entry points specification: such a script imports the module, calls the function
        and ends with what it returns.
        """
        try:
            path = find_program(name)
        except ToolMissing:
            return None
        if Path(path).parent != Path(sys.executable).parent:
            return None
        return cls(argv=(path,), folders=_packages(), module=module, function=function)

    def starts(self, command: Command) -> bool:
        """Whether a command line is one of this program."""
        return command.argv[: len(self.argv)] == self.argv

    @property
    def words(self) -> tuple[str, ...]:
        """What the launcher is told of it; see ``launcher/memory.py``."""
        return (
            *(str(len(self.argv)), *self.argv),
            *(str(len(self.folders)), *self.folders),
            *(self.module, self.function),
        )


def scripts(named: Iterable[tuple[str, str, str]]) -> tuple[Preloaded, ...]:
    """Those of the console scripts that can be kept in memory, by name, module and function."""
    return tuple(filter(None, (Preloaded.script(*each) for each in named)))


def _packages() -> tuple[str, ...]:
    """Where packages of our own interpreter are installed, as the ``site`` module finds them.

    Without what ``.pth`` files add: a tool that is only there is started as a program.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = (Path(sys.prefix, folder, version, "site-packages") for folder in _FOLDERS)
    return tuple(dict.fromkeys(str(each.resolve()) for each in found if each.is_dir()))
