"""Amounts of budgets, added up."""

from collections.abc import Mapping


def total(*spent: Mapping[str, float]) -> Mapping[str, float]:
    """The sum of all of these, by budget."""
    found: dict[str, float] = {}
    for amounts in spent:
        for budget, amount in amounts.items():
            found[budget] = found.get(budget, 0.0) + amount
    return found
