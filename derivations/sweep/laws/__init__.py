"""The laws that a cell can compare, by name; a file each for laws of one step, laws in the mean, and the claims' own measurements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from derivations.sweep.laws.definition import Comparison, Law, Ledger

__all__ = ["Comparison", "Law", "Ledger", "laws", "ledger", "names"]


@cache
def laws() -> Mapping[str, Law]:
    """By name."""
    from derivations.sweep.laws import batch_gradients, equilibrium, evidence, growth, mapped, placed, steps

    modules = (steps, batch_gradients, growth, equilibrium, mapped, placed, evidence)
    return {law.name: law for module in modules for law in module.LAWS}


def names() -> tuple[str, ...]:
    """Of all laws."""
    return tuple(laws())


@cache
def ledger() -> Ledger:
    """The formulas of every claim, by label."""
    from theory.catalogue import catalogue

    return {claim.label: claim.formulas for claim in catalogue()}
