"""What the environment lacks is a note; what the change took away is a finding."""

from dataclasses import replace
from functools import partial

from reviewbot.analyzers.answers.lacking import without_lacking
from reviewbot.analyzers.mypy.answer import is_of_unknown_types
from reviewbot.analyzers.mypy.lacking import missing_package
from reviewbot.review.finding import Finding, Location, Severity

OWN = frozenset({"shop"})
left = partial(without_lacking, package=missing_package, follows=is_of_unknown_types)


def missing(module: str, path: str, rule: str = "import-not-found") -> Finding:
    said = f'Cannot find implementation or library stub for module named "{module}"'
    stubs = f'Library stubs not installed for "{module}"'
    return Finding(
        node="types",
        tool="mypy",
        rule=rule,
        message=said if rule == "import-not-found" else stubs,
        severity=Severity.ERROR,
        location=Location(path=path, line=1),
    )


def test_a_new_file_is_not_blamed_for_what_was_never_installed() -> None:
    old, new = missing("pytest", "test_old.py"), missing("pytest.raises", "test_new.py")
    stubs = missing("yaml", "a.py", "import-untyped")
    follows = replace(new, rule="untyped-decorator", message="Untyped decorator makes it untyped")

    assert left((old, new, stubs, follows), (old, stubs), own=OWN) == (
        (),
        (),
        ("degraded: not installed: pytest, yaml",),
    )


def test_what_the_base_found_and_the_head_does_not_is_the_changes() -> None:
    gone = missing("attrs", "a.py")

    assert left((gone,), (), own=OWN) == ((gone,), (), ())


def test_a_module_of_the_project_is_nothing_an_environment_lacks() -> None:
    old, new = missing("shop.tax", "a.py"), missing("shop.cash", "b.py")

    assert left((old, new), (old,), own=OWN) == ((old, new), (old,), ())
