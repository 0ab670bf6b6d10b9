"""The reader of git's configuration reads what git reads."""

import subprocess
from pathlib import Path

import pytest

from reviewbot.workspace.configuration import parse_configuration

ODD = {
    "plain": "[core]\n\tbare = false\n",
    "key without a value": "[core]\n\tbare\n",
    "key on the line of its section": "[http] extraHeader = x y\n",
    "two sections on one line": "[a] [b] key = 1\n",
    "subsection": '[http "https://example.org/"]\n\textraheader = AUTHORIZATION: basic eA==\n',
    "escaped subsection": '[a "b\\"]c\\\\d"]\n\tkey = 1\n',
    "old subsection": "[branch.Main]\n\tkey = 1\n",
    "case": '[HTTP "Https://X"]\n\tExtraHeader = A\n',
    "continued": "[a]\n\tkey = one\\\n  two\n",
    "continued twice": '[a]\n\tkey = "one\\\n  two" \\\nthree\\\n\n\tlast = 4\n',
    "quoted": '[a]\n\tkey = " one # two " three ; four\n',
    "partly quoted": '[a]\n\tkey = one"  "   # two\n',
    "escapes": '[a]\n\tkey = one\\ttwo\\n\\"three\\\\\n',
    "a comment goes on nowhere": "[a]\n\tkey = 1 # two \\\n[b]\n# three \\\n\tlast = 4\n",
    "comments": "# one\n; two\n[a] # three\n\tkey = 1 # four\n",
    "empty": "[a]\n\tkey =\n",
    "line ends of Windows": "[a]\r\n\tkey = 1\r\n\tlast = 2\r\n",
    "no line end": "[a]\n\tkey = 1",
    "inner space": "[a]\n\tkey =   one   two   \n",
}


@pytest.mark.parametrize("case", ODD)
def test_what_git_reads_is_read(case: str, tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_bytes(ODD[case].encode())
    listed = subprocess.run(
        ["git", "config", "--file", str(file), "--list", "-z"], capture_output=True, check=True
    )
    said = [each.partition("\n") for each in listed.stdout.decode().split("\0")[:-1]]

    assert list(parse_configuration(ODD[case])) == [
        (name, value if newline else "true") for name, newline, value in said
    ]


def test_what_git_refuses_hides_nothing_behind_it() -> None:
    broken = "[a\n= 1\n[http]\n\textraheader = x\n"

    assert list(parse_configuration(broken)) == [("http.extraheader", "x")]
