"""Where a statement is claimed to hold: ranges of variables, right angles, losses that are scale-invariant.

All of it is data: a hypothesis can restrict a domain, it cannot rewrite a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.language.gram import Cosine, Direction
from theory.language.jets import Jet
from theory.language.sums import substitute


@dataclass(frozen=True)
class Interval:
    """Range of a variable; the ends may be expressions in other variables or ``±oo``.

    ``whole``: counterexamples are looked for among its whole numbers only; a proof is about all of it.
    """

    low: sp.Expr
    high: sp.Expr
    low_open: bool = True
    high_open: bool = True
    whole: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", sp.sympify(self.low, strict=True))
        object.__setattr__(self, "high", sp.sympify(self.high, strict=True))

    def is_part_of(self, outer: Interval) -> bool:
        """Whether this range certainly lies in another, by SymPy's assumptions on their ends."""
        above = outer.low == -sp.oo or _beyond(self.low - outer.low, outer.low_open and not self.low_open)
        below = outer.high == sp.oo or _beyond(outer.high - self.high, outer.high_open and not self.high_open)
        return above and below and (self.whole or not outer.whole)

    @property
    def is_point(self) -> bool:
        """Whether both ends are one number, and in the range."""
        return self.low == self.high and not (self.low_open or self.high_open)

    @property
    def ends(self) -> tuple[sp.Expr, sp.Expr]:
        """Both ends."""
        return self.low, self.high


@dataclass(frozen=True)
class Domain:
    """Ranges by symbol, pairs of orthogonal directions, names of losses with ``L(c u) = L(u)`` for all ``c > 0``.

    ``ones`` are vectors of coordinates 1, ``signs`` of coordinates 1 and -1, ``turned`` are pairs of a vector and ``i`` times it, and
    ``dimension`` is the number of coordinates: counterexamples are looked for there only, a proof is about any vector and number.
    """

    ranges: Mapping[sp.Expr, Interval] = field(default_factory=dict)
    orthogonal: tuple[tuple[Direction, Direction], ...] = ()
    invariant: tuple[str, ...] = ()
    families: Mapping[str, Interval] = field(default_factory=dict)  # of each member of a family of numbers, by its name; F' is F's slope
    ones: tuple[Direction, ...] = ()
    signs: tuple[Direction, ...] = ()
    turned: tuple[tuple[Direction, Direction], ...] = ()
    dimension: sp.Symbol | None = None
    besides: Mapping[sp.Expr, Interval] | None = None  # where only counterexamples are looked for: the ranges that they have to be in, too

    def __post_init__(self) -> None:
        if any(a == b for a, b in self.orthogonal):
            raise ValueError(f"no vector is orthogonal to itself: {self.orthogonal}")
        for atom, box in self.ranges.items():
            if self.apply(atom) != atom:
                raise ValueError(f"{atom} has a range, and is {self.apply(atom)} by another hypothesis")
            # where counterexamples are looked for, whether one number has an atom's traits is asked of its value
            if not ((box.is_point and self.besides is not None) or box.is_part_of(_assumed(atom))):
                raise ValueError(f"the range of {atom} is not visibly a part of what its assumptions allow: {box.low} to {box.high}")

    def __hash__(self) -> int:
        """Of the content, as equality is."""
        return hash((frozenset(self.ranges.items()), self.orthogonal, self.invariant))

    def apply(self, expr: sp.Expr) -> sp.Expr:
        """The expression with what the hypotheses say of its atoms: cosines that are 0, jets without radial part."""
        expr = substitute(expr, {Cosine(a, b): sp.S.Zero for a, b in self.orthogonal})
        if not self.invariant:
            return expr
        return expr.xreplace({j: j.on_the_sphere() for j in expr.atoms(Jet) if str(j.args[0]) in self.invariant})

    def interval(self, atom: sp.Expr) -> Interval:
        """The declared range, or what SymPy's assumptions (and a cosine's own ``bounds``) say."""
        found = self.ranges.get(atom) or self.families.get(_family(atom)) or _assumed(atom)
        if found.low == 0 and found.low_open and atom.is_integer:
            return replace(found, low=sp.S.One, low_open=False)
        return found

    def forgetting(self, symbols: set[sp.Symbol]) -> Domain:
        """Without what mentions any of these symbols: what is said of one value is not said of all."""
        kept = {k: b for k, b in self.ranges.items() if not symbols & (k.free_symbols | b.low.free_symbols | b.high.free_symbols)}
        pairs = tuple((a, b) for a, b in self.orthogonal if not symbols & (a.free_symbols | b.free_symbols))
        return replace(self, ranges=kept, orthogonal=pairs)


def _family(atom: sp.Expr) -> str:
    """The name of a function of which an atom is a value, with a prime for each derivative."""
    if isinstance(atom, sp.Derivative):
        return _family(atom.expr) + "'" * sum(int(count) for _, count in atom.variable_count)
    return str(atom.func.__name__) if isinstance(atom, AppliedUndef) else ""


def _assumed(atom: sp.Expr) -> Interval:
    """What an atom's assumptions say of its sign, or a cosine's bounds of its size."""
    if hasattr(atom, "bounds"):
        return Interval(atom.bounds[0], atom.bounds[1], low_open=False, high_open=False)
    if atom.is_extended_nonnegative:
        return Interval(sp.S.Zero, sp.oo, low_open=bool(atom.is_extended_positive))
    if atom.is_extended_nonpositive:
        return Interval(-sp.oo, sp.S.Zero, high_open=bool(atom.is_extended_negative))
    return Interval(-sp.oo, sp.oo)


def _beyond(gap: sp.Expr, strictly: bool) -> bool:
    return bool(gap.is_extended_positive if strictly else gap.is_extended_nonnegative)
