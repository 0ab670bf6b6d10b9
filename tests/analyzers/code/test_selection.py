"""Which files a tool is asked about."""

import pytest

from reviewbot.analyzers.code.encoding import misleading_encoding
from reviewbot.analyzers.code.selection import changed_files, changed_python, is_test
from tests.analyzers.conftest import MakeChange


def test_each_changed_python_file_is_in_exactly_one_place(change: MakeChange) -> None:
    made = change(
        base={"a.py": "1", "old.py": "2", "gone.py": "3", "same.py": "4", "was.txt": "5"},
        head={
            "a.py": "x",
            "new.py": "2",
            "same.py": "4",
            "b.pyi": "",
            "c.txt": "",
            "was.py": "5",
            "tests/a.py": "",
            "x\udcff.py": "",
            "u.py": "# coding: utf-7\n",
        },
        renames={"new.py": "old.py", "was.py": "was.txt"},
    )
    selection = changed_python(made, node="lint", leave_out=is_test)
    assert selection.head == ("a.py", "b.pyi", "new.py", "was.py")
    assert selection.base == ("a.py", "old.py", "gone.py")
    assert selection.excluded == ("tests/a.py",)
    assert [(gap.path, gap.node) for gap in selection.not_reviewed] == [
        ("u.py", "lint"),
        ("x\udcff.py", "lint"),
    ]
    assert "c.txt" in changed_files(made).head
    assert "was.txt" in changed_files(made).base


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"# -*- coding: utf-7 -*-\n", "utf-7"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=unicode_escape :\n", "unicode_escape"),
        (b"# coding=rot13", "rot13"),
        (b"# coding: shift_jis\n", "shift_jis"),
        (b"# coding: utf-8\n", ""),
        (b"# -*- coding: UTF8 -*-\n", ""),
        (b"# coding: latin-1\n", ""),
        (b"# coding: iso-8859-15\n", ""),
        (b"# coding: cp1252\n", ""),
        (b"x = 1\n\n# coding: utf-7\n", ""),
        (b"x = '# coding: utf-7'\n", ""),
        (b"", ""),
    ],
)
def test_an_encoding_that_tools_read_differently_is_named(content: bytes, name: str) -> None:
    assert misleading_encoding(content) == name
