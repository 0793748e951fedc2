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
    """Whether an expression ranges over (some of) the reals; symbols and functions of which nothing is said do."""
    function = e.expr if isinstance(e, sp.Derivative) else e
    unspecified = function.is_Symbol or isinstance(function, AppliedUndef)
    declared = e.is_extended_real or (unspecified and e.is_extended_real is None and e.is_complex is None)
    return bool(declared and not e.is_infinite and not e.is_Float and e.is_commutative)
