"""Advice is for rules that exist."""

import re
import subprocess

from reviewbot.analyzers.answers.advice import ADVICE
from reviewbot.analyzers.ruff.weaknesses import WEAKNESSES
from reviewbot.process import find_program


def test_every_number_is_a_rule_of_bandit_or_ruff() -> None:
    listed = subprocess.run([find_program("bandit"), "--help"], capture_output=True, check=True)
    numbers = set(re.findall(r"\bB(\d{3})\b", listed.stdout.decode()))
    assert len(numbers) > 60
    assert ADVICE.keys() <= numbers | {rule[1:] for rule in WEAKNESSES}


def test_advice_is_two_sentences() -> None:
    for each in ADVICE.values():
        assert each.impact.endswith(".")
        assert each.remediation.endswith(".")
