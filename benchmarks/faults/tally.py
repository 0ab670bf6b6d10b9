"""What is counted over many reviews, and the table of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.faults.campaign import Reviewed
from reviewbot.testing import Fault


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts over reviews, each beside `calm`, the one in peace.

    Attributes:
        runs: reviews begun.
        ended: those that ended with a review and a verdict.
        spared: those that no fault struck: what a chain would finish that stops at its first.
        whole: those with an answer for every lane, be it by a backup.
        missing: lanes that did not answer themselves; `named` are those the review tells of.
        unstruck: lanes that no fault struck; `same` said to the last bit what they say in peace.
        wounded: lanes that were struck and answered all the same; `healed` said what they say in
            peace, `told` said something else and why; the rest would be `silent`.
        late: calls at work when their node had ended.
        left: tasks, threads and processes that outlived their run.
    """

    calm: Reviewed
    runs: int = 0
    ended: int = 0
    spared: int = 0
    whole: int = 0
    missing: int = 0
    named: int = 0
    unstruck: int = 0
    same: int = 0
    wounded: int = 0
    healed: int = 0
    told: int = 0
    late: int = 0
    left: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    injected: Counter[Fault] = field(default_factory=Counter)

    def add(self, one: Reviewed) -> None:
        """Count one more review."""
        self.runs += 1
        self.ended += one.report is not None
        self.spared += not one.faults.injected
        self.whole += one.whole
        self.missing += len(one.others)
        self.named += sum(map(one.names, one.others))
        self.late += one.late
        self.left.extend(one.left)
        self.injected.update(each.fault for each in one.faults.injected)
        for lane in one.status:
            self._compare(lane, one)

    def _compare(self, lane: str, one: Reviewed) -> None:
        alike = one.said(lane) == self.calm.said(lane)
        if not one.struck(lane):
            self.unstruck += 1
            self.same += alike and one.status[lane] == self.calm.status[lane]
        elif lane in one.by_first_choice:
            self.wounded += 1
            self.healed += alike
            if not alike and one.gaps() - self.calm.gaps():
                self.told += 1
            elif not alike:
                self.silent.append(f"{lane}: {[str(each) for each in one.faults.injected]}")

    @property
    def kept(self) -> bool:
        """Whether every promise was kept in every run."""
        return (
            self.ended == self.runs
            and self.named == self.missing
            and self.same == self.unstruck
            and not (self.late or self.left or self.silent)
        )

    def lines(self) -> Iterator[str]:
        """The table."""
        yield f"faults injected                      {self.injected.total():>6}"
        for fault, count in self.injected.most_common():
            yield f"  {fault:<35}{count:>6}"
        yield f"reviews that ended with a verdict    {_share(self.ended, self.runs)}"
        yield f"  with an answer for every lane      {_share(self.whole, self.runs)}"
        yield f"  struck by no fault at all          {_share(self.spared, self.runs)}"
        yield f"lanes without their own answer       {self.missing:>6}"
        yield f"  named in the review                {_share(self.named, self.missing)}"
        yield f"lanes that no fault struck           {self.unstruck:>6}"
        yield f"  said the same to the last bit      {_share(self.same, self.unstruck)}"
        yield f"lanes struck that answered           {self.wounded:>6}"
        yield f"  said the same to the last bit      {_share(self.healed, self.wounded)}"
        yield f"  said something else, and why       {_share(self.told, self.wounded)}"
        yield f"  said something else in silence     {_share(len(self.silent), self.wounded)}"
        yield f"calls after the end of their node    {self.late:>6}"
        yield f"tasks, threads, processes left       {len(self.left):>6}"


def _share(part: int, whole: int) -> str:
    return f"{part:>6} of {whole} ({100 * part / whole:.1f} %)" if whole else f"{part:>6}"
