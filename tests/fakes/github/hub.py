"""What a test holds in its hands: the server's addresses, what it remembers, what it saw."""

import itertools
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.github.faults import FAULTS
from tests.fakes.github.log import Log
from tests.fakes.github.plan import Faults, Planned
from tests.fakes.github.repository import BareRepository
from tests.fakes.github.shapes import Shapes
from tests.fakes.github.state import Repository, State, Token

_MARKER = re.compile(r"<!-- \S+ kind=(\w+) key=(\w+) ")
_ALL = {
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
    "statuses": "write",
    "actions": "read",
}


@dataclass(frozen=True, slots=True)
class Hook:
    """Something to be done just before the n-th request for an operation is answered."""

    operation: str
    nth: int
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Late:
    """An effect that comes when the log has that many entries."""

    due: int
    do: Callable[[], object]


@dataclass(slots=True)
class Hub:
    """GitHub.

    Attributes:
        web: address for people and for git.
        blobs: the other host, where artifacts lie.
        prefix: of the API's path: ``/api/v3`` for an enterprise server.
        violations: what no client may do, in words; a test with one fails.
        drip_seconds: between two bytes of an answer that drips.
        late_seconds: before the first byte of an answer that is late.
        epoch: how often everything was forgotten.
    """

    folder: Path
    web: str
    blobs: str
    prefix: str = ""
    state: State = field(default_factory=State)
    log: Log = field(default_factory=Log)
    hooks: list[Hook] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    pending: list[Late] = field(default_factory=list)
    drip_seconds: float = 0.5
    late_seconds: float = 2.0
    epoch: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def api_url(self) -> str:
        return self.web + self.prefix

    @property
    def graphql_path(self) -> str:
        return self.prefix.removesuffix("/v3") + "/graphql"

    def reset(self) -> None:
        """Forget everything."""
        for repository in self.state.repositories.values():
            shutil.rmtree(repository.git.root, ignore_errors=True)
        self.prefix, self.state, self.log = "", State(), Log()
        self.hooks, self.violations, self.pending, self.faults = [], [], [], Faults()
        self.drip_seconds, self.late_seconds = 0.5, 2.0
        self.epoch += 1

    def shapes(self, version: str) -> Shapes:
        return Shapes(self.state, self.web, self.api_url, version)

    def repository(self, full_name: str = "demo/shapes", *, private: bool = True) -> Repository:
        """The repository of that name, made when there is none; its owner is an admin."""
        found = self.state.at(full_name)
        if found is None:
            owner = self.state.user(full_name.partition("/")[0])
            found = Repository(
                id=self.state.next_id(),
                full_name=full_name,
                owner=owner,
                git=BareRepository.create(self.folder / f"{next(self._numbers)}.git"),
                private=private,
                collaborators={owner.login: "admin"},
            )
            self.state.repositories[full_name.lower()] = found
        return found

    def actions_token(self, **permissions: str) -> str:
        """The token of a workflow run; with no permissions named it has all that we ask for."""
        user = self.state.user("github-actions[bot]")
        return self._token("ghs_", user.login, dict(permissions or _ALL), installation=True)

    def fork_token(self) -> str:
        """The token of a workflow run that a pull request from a fork started: it reads."""
        return self.actions_token(**dict.fromkeys(_ALL, "read"))

    def personal_token(self, login: str = "reviewer", **permissions: str) -> str:
        """The token of a person."""
        every = _ALL | {"contents": "write"}
        return self._token("ghp_", login, dict(permissions or every), installation=False)

    def _token(self, kind: str, login: str, may: dict[str, str], *, installation: bool) -> str:
        text = f"{kind}{next(self._numbers):036d}"
        self.state.tokens[text] = Token(
            text=text, user=self.state.user(login), installation=installation, permissions=may
        )
        return text

    def before(self, operation: str, *, nth: int = 1, do: Callable[[], object]) -> None:
        """Do something just before the n-th request for an operation, counted from now."""
        self.hooks.append(Hook(operation, len(self.log.of(operation)) + nth, do))

    def fault(
        self,
        operation: str,
        name: str,
        *,
        attempt: int = 1,
        times: int | None = 1,
        landed: bool = False,
        late_by: int = 0,
    ) -> None:
        """Spoil the answer to the n-th request for an operation, counted from now.

        Args:
            operation: GitHub's id of it; ``artifact`` for the other host.
            name: a key of ``FAULTS``.
            attempt: the first request that meets it.
            times: how many do; None for all that follow.
            landed: whether the request has its effect all the same.
            late_by: 1 and more: the effect comes only before that many requests later are
                answered, so that who looks at once does not find it.
        """
        planned = Planned(name=name, landed=landed, late_by=late_by)
        first = len(self.log.of(operation)) + attempt
        self.faults.script(operation, planned, first=first, times=times)

    def faults_by_seed(
        self, seed: int, *, rate: float = 0.3, names: Sequence[str] = tuple(FAULTS)
    ) -> None:
        """Spoil answers as chance has it, half of them after the effect.

        A read is never answered with a lie: no client could tell.
        """
        self.faults.by_seed(seed, rate, names)

    def rename(self, old: str, new: str) -> None:
        """Give a repository another name; requests for the old one are redirected."""
        found = self.state.repositories.pop(old.lower())
        found.old_names.append(found.full_name)
        found.full_name = new
        self.state.repositories[new.lower()] = found

    def forgive(self, *words: str) -> list[str]:
        """Take the violations away that a test meant to cause; each word must be in one."""
        taken, self.violations = self.violations, []
        missing = [word for word in words if not any(word in each for each in taken)]
        assert not missing, (missing, taken)
        return taken

    def by_key(self) -> Counter[tuple[str, str]]:
        """Kind and key of the marker on the first line → how many objects carry it.

        A check run carries its key as its external id.
        """
        found = (_MARKER.match(body) for body in self.bodies())
        counted = Counter((each[1], each[2]) for each in found if each)
        for repository in self.state.repositories.values():
            runs = repository.check_runs.values()
            counted.update(("check", run.external_id) for run in runs if run.external_id)
        return counted

    def bodies(self) -> list[str]:
        """The text of everything that stands somewhere."""
        return [
            each.body or ""
            for repository in self.state.repositories.values()
            for kind in (
                repository.reviews,
                repository.review_comments,
                repository.comments,
                repository.issues,
            )
            for each in kind.values()
        ]
