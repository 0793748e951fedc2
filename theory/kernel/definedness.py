"""Whether an expression is real and defined everywhere on a domain, and smooth in a variable.

Every part that asks for something names it: a divisor must not vanish, a radicand must not be negative, a
logarithm's argument must be positive, a sum must not have a negative number of terms. Signs certify it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.kernel.signs import sign
from theory.language.atoms import is_real
from theory.language.domain import Domain
from theory.language.jets import Jet
from theory.language.sums import opened, substitute

_ARITHMETIC = ("integer", "rational", "even", "odd", "prime", "composite", "algebraic", "zero")
_ENTIRE = (sp.Add, sp.Mul, sp.exp, sp.sin, sp.cos, sp.atan, sp.sinh, sp.cosh, sp.tanh)
NONZERO, NONNEGATIVE, POSITIVE, NEVER = "not be 0", "not be negative", "be positive", "be understood"


def unmet(
    e: sp.Expr, domain: Domain, x: sp.Symbol | None = None, at: Mapping[sp.Symbol, sp.Expr] | None = None
) -> tuple[str, ...]:
    """What ``e`` asks for and the domain does not certify, in words; nothing if ``e`` is defined throughout.

    With ``x``, what it takes for ``e`` to be a smooth function of ``x`` as well. With ``at``, these values are put
    into what is asked for, not into ``e``, where they may cancel what is undefined; so may a hypothesis.
    Unspecified functions are taken to be smooth, and derivatives of them to exist.
    """
    wanted = dict.fromkeys((substitute(part, at or {}), what) for part, what in needs(sp.sympify(e, strict=True), x))
    return tuple(f"{part} must {what}" for part, what in wanted if not _is_met(part, what, domain))


def belongs(variable: sp.Symbol, value: sp.Expr, domain: Domain, others: Mapping[sp.Symbol, sp.Expr]) -> bool:
    """Whether a value, where defined, is certainly in the range of its variable, at ``others``' values of the others."""
    box = domain.interval(variable)
    gaps = [(value - substitute(box.low, others), box.low_open)] if box.low != -sp.oo else []
    gaps += [(substitute(box.high, others) - value, box.high_open)] if box.high != sp.oo else []
    signs = [(sign(gap, domain), strict) for gap, strict in gaps]
    inside = all(found is not None and found[0] >= 0 and (found[1] or not strict) for found, strict in signs)
    return inside and all(_keeps(trait, variable, value) for trait in _ARITHMETIC)


def _keeps(trait: str, variable: sp.Symbol, value: sp.Expr) -> bool:
    wanted = getattr(variable, f"is_{trait}")
    signed = trait == "zero" and (variable.is_positive or variable.is_negative)  # the range says it
    return bool(wanted is None or signed or getattr(value, f"is_{trait}") is wanted)


def _arguments(atom: sp.Expr) -> tuple[sp.Expr, ...]:
    """What an atom is taken at."""
    of = atom.expr if isinstance(atom, sp.Derivative) else atom
    return tuple(a for a in of.args if isinstance(a, sp.Expr)) if isinstance(of, (AppliedUndef, Jet)) else ()


def _is_met(part: sp.Expr, what: str, domain: Domain) -> bool:
    found = None if what == NEVER else sign(part, domain)
    if found is None:
        return False
    s, strict = found
    return {NONZERO: strict, NONNEGATIVE: s >= 0, POSITIVE: strict and s > 0}[what]


def needs(e: sp.Expr, x: sp.Symbol | None = None) -> Iterator[tuple[sp.Expr, str]]:
    """Parts of an expression, each with what it must or must not be."""
    smooth = x is not None and e.has(x)
    parts = e.args
    if isinstance(e, sp.Sum):
        _, low, high = parts = opened(e)
        yield high - low + 1, NONNEGATIVE
        if not (low.is_integer and high.is_integer) or (smooth and (low + high).has(x)):
            yield e, NEVER
    elif e.is_Pow and not isinstance(e, sp.exp):
        if e.exp.is_Integer and e.exp < 0:
            yield e.base, NONZERO
        elif not e.exp.is_Integer:
            yield e.base, NONNEGATIVE if e.exp.is_Rational and e.exp > 0 and not smooth else POSITIVE
    elif isinstance(e, (sp.log, sp.Abs, sp.acos, sp.asin, sp.tan)):
        of = {sp.log: e.args[0], sp.Abs: e.args[0] ** 2, sp.tan: sp.cos(e.args[0])}.get(e.func, 1 - e.args[0] ** 2)
        kept = NONNEGATIVE if isinstance(e, (sp.acos, sp.asin)) and not smooth else NONZERO if isinstance(e, sp.tan) else POSITIVE
        if smooth or not isinstance(e, sp.Abs):
            yield of, kept
    elif not isinstance(e, _ENTIRE):
        parts = _arguments(e)
        if not is_real(e):
            yield e, NEVER
    for part in parts:
        yield from needs(part, x)
