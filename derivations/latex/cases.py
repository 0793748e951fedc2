"""Statements that say several things of one quantity, such as its value under one loss and another: then they need words between."""

from __future__ import annotations

from collections.abc import Sequence

from derivations.latex.breaking import pieces

_MANY = 8  # formulas below each other that a reader keeps apart
_VALUES = (" = ", r" \to ")  # an inequality beside another contradicts nothing


def need_words(lines: Sequence[str]) -> bool:
    """Whether they are many, or one left side has two right sides, so that a reader could not tell which holds when."""
    found: dict[str, str] = {}
    return len(lines) > _MANY or any(found.setdefault(left, right) != right for left, right in map(_sides, lines) if right)


def _sides(line: str) -> tuple[str, str]:
    """What a formula is of, and what it says of that; a range behind it left out."""
    left, *right = pieces(line.split(r" \quad (")[0], _VALUES)
    return left, "".join(right)
