"""Atoms: expressions that have a value of their own, not made from the values of their arguments."""

from __future__ import annotations

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.language.gram import Cosine, Norm
from theory.language.jets import Jet


def is_atom(e: sp.Basic) -> bool:
    """Symbols, unspecified functions and their derivatives, norms, cosines, jets of unspecified losses."""
    return bool(e.is_Symbol or isinstance(e, (AppliedUndef, sp.Derivative, Norm, Cosine, Jet)))


def is_real(e: sp.Expr) -> bool:
    """Whether an atom or a number ranges over (some of) the reals; symbols and functions of which nothing is said do."""
    if e.is_Rational or e is sp.pi or e is sp.E:
        return True
    if isinstance(e, sp.Derivative):
        whole = all(times.is_Integer for _, times in e.variable_count)
        return whole and isinstance(e.expr, AppliedUndef) and is_real(e.expr) and _are_different_symbols(e.expr.args)
    if isinstance(e, (Norm, Cosine)) and not all(index.is_integer for v in e.args for index in v.args[1:]):
        return False
    said = e.func._kwargs if isinstance(e, AppliedUndef) else {k for k in e.assumptions0 if k != "commutative"}
    return bool(is_atom(e) and e.is_commutative and (e.is_real or not said))


def _are_different_symbols(places: tuple[sp.Expr, ...]) -> bool:
    """A derivative elsewhere than at different symbols is one of a composition, not of the function."""
    return all(a.is_Symbol for a in places) and len(set(places)) == len(places)
