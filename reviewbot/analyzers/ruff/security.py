"""Security by ruff: the backup for bandit, in another program with almost the same rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reviewbot.analyzers.answers.advice import advised
from reviewbot.analyzers.answers.secrets import without_secret
from reviewbot.analyzers.answers.side import Configured, Side, both_sides, unless_it_crashes
from reviewbot.analyzers.code.selection import changed_python, is_test
from reviewbot.analyzers.ruff.check import checked
from reviewbot.analyzers.ruff.configuration import security
from reviewbot.analyzers.ruff.weaknesses import weighed
from reviewbot.process import Programs
from reviewbot.process.together import both
from reviewbot.review.analysis import Analysis, Change, Tree
from reviewbot.review.finding import Finding

_PASSWORDS = ("S105", "S106", "S107")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuffSecurity:
    """A security scan with ruff's S rules; S602 is what bandit calls B602.

    Measured on six packages: 90 % of bandit's findings. It reads no configuration and does not
    know ``# nosec``. Tests are left out, as bandit's are.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
    """

    programs: Programs
    node: str = "security"

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "ruff"

    async def analyze(self, change: Change) -> Analysis:
        """Scan the changed files of both sides.

        Raises:
            ToolError: ruff is missing, hangs, or prints what it does not document.
        """
        selection = changed_python(change, node=self.node, leave_out=is_test)
        head, base = await both(
            lambda: self._side(change.head, selection.head),
            lambda: unless_it_crashes(self._side(change.base, selection.base)),
        )
        return both_sides("ruff", selection, head, base, Configured())

    async def _side(self, tree: Tree, files: Sequence[str]) -> Side:
        if not files:
            return Side()
        side = await checked(self.programs, tree, security(), files, self.node)
        return replace(side, findings=_weighed(side.findings), hidden=_weighed(side.hidden))


def _weighed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of S rules; a syntax error is lint's to report, here it is a gap."""
    found = (advised(weighed(each)) for each in findings if each.rule.startswith("S"))
    return tuple(without_secret(each) if each.rule in _PASSWORDS else each for each in found)
