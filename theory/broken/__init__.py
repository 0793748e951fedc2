"""Broken variants of every law: formulas that a typing error or a wrong belief would put in place of the claim's own.

None is true, so every check must catch each: the kernel must not prove it and the law's own measurement must reject it (the
tests of each law), and the companion paper shows them with what the kernel found against them. A module
``theory.broken.<chapter>.<name>`` has the name of its law's and one mapping ``BROKEN``, from words to formulas; ``SHOWN`` says what a
formula is of which no step has a left side of its own, or bounds; ``WHERE`` in which ranges the letters of its bounds lie, where no
hypothesis says it of them; ``LETTERS`` what those are that only its variants and their settings have.
Nothing is imported until it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import sympy as sp

from theory.claims import Claim
from theory.kernel import Interval

Variants = Mapping[str, Mapping[str, Any]]  # what is wrong, in words -> the formulas that are replaced
Shown = Mapping[str, str]  # name of a formula -> what it is, in LaTeX, and the relation if that is not an equation: ``z_K \\ge``

Where = Mapping[sp.Symbol, Interval]  # a letter of a bound -> where it is what it is said to be
Letters = Mapping[str, str]  # a letter as it is printed -> what it is


def variants(claim: Claim) -> Variants:
    """The broken variants of a claim of the catalogue, in words and formulas; of any other claim none."""
    found: Variants = getattr(_module(claim), "BROKEN", {})
    return found


def shown(claim: Claim) -> Shown:
    """What those of its formulas are that no step equates, or that are bounds."""
    found: Shown = getattr(_module(claim), "SHOWN", {})
    return found


def where(claim: Claim) -> Where:
    """Ranges of letters of its bounds, for the comparison of a weaker bound with the law's."""
    found: Where = getattr(_module(claim), "WHERE", {})
    return found


def letters(claim: Claim) -> Letters:
    """What the letters are that stand in its broken variants and nowhere in the law."""
    found: Letters = getattr(_module(claim), "LETTERS", {})
    return found


def _module(claim: Claim) -> ModuleType | None:
    name = f"{__name__}.{claim.chapter}.{claim.id.replace('-', '_')}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        return None
