"""Where a statement is claimed to hold: ranges of variables, right angles, losses that are scale-invariant.

All of it is data: a hypothesis can restrict a domain, it cannot rewrite a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from theory.language.gram import Cosine, Direction
from theory.language.jets import Jet


@dataclass(frozen=True)
class Interval:
    """Range of a variable; the ends may be expressions in other variables or ``±oo``."""

    low: sp.Expr
    high: sp.Expr
    low_open: bool = True
    high_open: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", sp.sympify(self.low))
        object.__setattr__(self, "high", sp.sympify(self.high))

    @property
    def ends(self) -> tuple[sp.Expr, sp.Expr]:
        """Both ends."""
        return self.low, self.high


@dataclass(frozen=True)
class Domain:
    """Ranges by symbol, pairs of orthogonal directions, names of losses with ``L(c u) = L(u)`` for all ``c > 0``."""

    ranges: Mapping[sp.Expr, Interval] = field(default_factory=dict)
    orthogonal: tuple[tuple[Direction, Direction], ...] = ()
    invariant: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(a == b for a, b in self.orthogonal):
            raise ValueError(f"no vector is orthogonal to itself: {self.orthogonal}")

    def apply(self, expr: sp.Expr) -> sp.Expr:
        """The expression with what the hypotheses say of its atoms: cosines that are 0, jets without radial part."""
        known: dict[sp.Expr, sp.Expr] = {Cosine(a, b): sp.S.Zero for a, b in self.orthogonal}
        if self.invariant:
            known |= {j: j.on_the_sphere() for j in expr.atoms(Jet) if str(j.args[0]) in self.invariant}
        return expr.xreplace(known) if known else expr

    def interval(self, atom: sp.Expr) -> Interval:
        """The declared range, or what SymPy's assumptions (and a cosine's own ``bounds``) say."""
        if atom in self.ranges:
            return self.ranges[atom]
        if hasattr(atom, "bounds"):
            return Interval(atom.bounds[0], atom.bounds[1], low_open=False, high_open=False)
        if atom.is_extended_nonnegative:
            positive = bool(atom.is_extended_positive)
            whole = bool(atom.is_integer)
            return Interval(int(positive and whole), sp.oo, low_open=positive and not whole)
        if atom.is_extended_nonpositive:
            return Interval(-sp.oo, sp.S.Zero, high_open=bool(atom.is_extended_negative))
        return Interval(-sp.oo, sp.oo)

    def forgetting(self, symbols: set[sp.Symbol]) -> Domain:
        """Without the ranges that mention any of these symbols: what is said of one value is not said of all."""
        kept = {k: b for k, b in self.ranges.items() if not symbols & (k.free_symbols | b.low.free_symbols | b.high.free_symbols)}
        return Domain(kept, self.orthogonal, self.invariant)
