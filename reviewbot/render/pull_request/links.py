"""Links: built by us, to the pull request's own repository and head, and nowhere else."""

import re
from dataclasses import dataclass

from reviewbot.render.inert import clipped, code
from reviewbot.review.pull_request import PullRequest

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_WEB = re.compile(r"https?://[\w.:-]+(?:/[\w.~-]+)+")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_STEPS = frozenset({"", ".", ".."})
_SHORT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes links to one commit of one repository.

    Attributes:
        web: address of the repository for people; empty makes code of everything.
        head: the commit.
    """

    web: str = ""
    head: str = ""

    @classmethod
    def of(cls, pull: PullRequest | None) -> "Links":
        """The links of a pull request; none when its address is none."""
        web = "" if pull is None else pull.url.rpartition("/pull/")[0]
        if pull is None or not _WEB.fullmatch(web):
            return cls()
        return cls(web=web, head=pull.head)

    def place(self, path: str, line: int | None = None, last: int | None = None) -> str:
        """``path:line`` as a link to these lines of the head."""
        shown = code(clipped(path) if line is None else f"{clipped(path)}:{line}")
        # A browser resolves dots before it asks, so they would lead out of the repository.
        if not self.web or not _STEPS.isdisjoint(path.split("/")):
            return shown
        lines = "" if line is None else f"#L{line}"
        if line is not None and last is not None and last > line:
            lines = f"{lines}-L{last}"
        return f"[{shown}]({self.web}/blob/{self.head}/{_encoded(path)}{lines})"

    def commit(self, commit: str) -> str:
        """The beginning of a commit's id as a link to it."""
        if not _COMMIT.fullmatch(commit):
            return code(clipped(commit, _SHORT))
        shown = code(commit[:_SHORT])
        return f"[{shown}]({self.web}/commit/{commit})" if self.web else shown


def _encoded(path: str) -> str:
    """A path as a part of an address: its bytes, all but the plainest as ``%XX``."""
    raw = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
