"""The result file of a test run: XML that the code under test may have written itself."""

from dataclasses import dataclass
from enum import Enum
from typing import Final
from xml.parsers import expat

from reviewbot.errors import ToolGarbled

LARGEST: Final = 16 << 20
_SCALARS = ("failure", "error", "skipped")


class Outcome(Enum):
    """How a test ended; a failing set-up or tear-down counts as failed."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test.

    Attributes:
        path: the test file, relative to the root of the tree.
        name: ``TestClass::test_method[parameters]``; empty when the file itself failed to load.
        line: where it stands, from 1; None when the file does not say.
        message: first line of why it failed.
    """

    path: str
    name: str
    outcome: Outcome
    line: int | None = None
    message: str = ""

    @property
    def id(self) -> str:
        """Its node id as pytest prints it."""
        return f"{self.path}::{self.name}" if self.name else self.path

    @property
    def selector(self) -> str:
        """The argument that runs it again, with all its parameters."""
        return self.id.partition("[")[0] if self.name else self.path


def parse_report(data: bytes) -> tuple[Case, ...]:
    """The tests of an ``xunit1`` file, in the order they ran; the worst outcome of each id.

    A document type is refused, and with it every entity, so the parser's work is linear.

    Raises:
        ToolGarbled: no such file, or larger than 16 MiB.
    """
    if len(data) > LARGEST:
        raise ToolGarbled("pytest's result file is larger than 16 MiB")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position only
    except (expat.ExpatError, ValueError) as error:
        raise ToolGarbled(f"pytest's result file: {error}") from error
    if not reader.suites:
        raise ToolGarbled("pytest's result file holds no test suite")
    return tuple(reader.cases.values())


class _Reader:
    """Collects cases while the file is read."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.suites = 0
        self._attributes: dict[str, str] | None = None
        self._result: tuple[str, str] = ("", "")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "testsuite":
            self.suites += 1
        elif tag == "testcase":
            self._attributes, self._result = attributes, ("", "")
        elif tag in _SCALARS and not self._result[0]:
            self._result = (tag, attributes.get("message", ""))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "testcase" and self._attributes is not None:
            case = _case(self._attributes, *self._result)
            self._attributes = None
            known = self.cases.get(case.id) if case else None
            if case and (known is None or known.outcome is not Outcome.FAILED):
                self.cases[case.id] = case


def _case(attributes: dict[str, str], result: str, message: str) -> Case | None:
    """One test; None for the nameless entry that an interrupted run ends with."""
    path, name = attributes.get("file", ""), attributes.get("name", "")
    if not path or not name:
        return None
    outcome = {"": Outcome.PASSED, "skipped": Outcome.SKIPPED}.get(result, Outcome.FAILED)
    line = attributes.get("line", "")
    return Case(
        path=path,
        name=_qualified(path, attributes.get("classname", ""), name),
        outcome=outcome,
        line=int(line) + 1 if line.isdecimal() and len(line) < 9 else None,  # noqa: PLR2004 - no file is that long
        message=message.partition("\n")[0].strip(),
    )


def _qualified(path: str, classname: str, name: str) -> str:
    """The part of a node id after the file; ``classname`` starts with the module's dotted name."""
    module = path.removesuffix(".py").replace("/", ".")
    if not classname and name == module:
        return ""
    inner = classname.removeprefix(module).strip(".") if classname.startswith(module) else ""
    return "::".join([*inner.split("."), name] if inner else [name])


def _refuse(*_: object) -> None:
    raise ValueError("a document type is not allowed")
