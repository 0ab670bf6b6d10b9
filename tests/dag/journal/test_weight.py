"""Writing a run down loads nothing that a small run would feel."""

import subprocess
import sys

PROGRAM = """
import sys
import anyio
import reviewbot.dag.runner
before = set(sys.modules)
import reviewbot.dag.journal.journal, reviewbot.dag.journal.reader, reviewbot.dag.journal.audit
print(*{name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)
print(*{"decimal", "fractions", "uuid", "asyncio", "pydantic"} & (set(sys.modules) - before))
"""


def test_a_journal_needs_the_standard_library_only() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=30
    )
    assert done.stdout.split("\n") == ["reviewbot", "", ""]
