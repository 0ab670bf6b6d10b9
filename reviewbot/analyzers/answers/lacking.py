"""What the environment lacked before the change and lacks after: a note, nobody's finding."""

from collections.abc import Callable, Collection, Iterable

from reviewbot.review.finding import Finding

_SHOWN = 5

Findings = tuple[Finding, ...]


def without_lacking(
    head: Findings,
    base: Findings,
    *,
    own: Collection[str],
    package: Callable[[Finding], str],
    follows: Callable[[Finding], bool] = lambda _: False,
) -> tuple[Findings, Findings, tuple[str, ...]]:
    """Both sides without what packages bring that the base could not find either.

    A new file that imports what no file of the base could import, and what follows from its unknown
    types, shows what the environment is, not what the change did. A module that the base found and
    the head does not is the change's.

    Args:
        head: findings on the head.
        base: findings on the base in the same environment.
        own: top-level names of the project's own modules, which no environment provides.
        package: the top-level name of the module that a finding could not find, or nothing.
        follows: whether a finding is what unknown types bring.

    Returns:
        Head, base, and a note that names the packages; no note when nothing was left out.
    """
    lacking = {name for each in base if (name := package(each)) and name not in own}
    if not lacking:
        return head, base, ()

    def kept(findings: Findings) -> Findings:
        return tuple(
            each for each in findings if package(each) not in lacking and not follows(each)
        )

    return kept(head), kept(base), (f"degraded: not installed: {_listed(lacking)}",)


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + more
