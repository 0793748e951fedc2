"""Signs by coefficients: of a normal form's monomials, or else of its factors, on half lines.

Nothing is guessed from values. A sign holds wherever the expression is defined, which is another question
(`theory.kernel.definedness`).
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from flint import fmpq_mpoly

from theory.kernel.fraction import factored
from theory.kernel.normal_form import NormalForm
from theory.kernel.verdict import Undecidable
from theory.language.atoms import is_atom
from theory.language.domain import Domain
from theory.language.sums import substitute

_CORNERS = 6  # closed ranges at whose ends a strict sign is asked for, together and one by one
Sign = tuple[int, bool]  # (s, strict): s * expr >= 0, > 0 if strict; (0, False) for an expression that is 0


def is_zero(expr: sp.Expr, domain: Domain) -> bool:
    """Whether the normal form of ``expr``, under the domain's hypotheses, is zero; raises `Undecidable` without one.

    If it is not, once more with the ranges put in: what holds on a half line holds at its end, by continuity.
    """
    expr = domain.apply(expr)
    if NormalForm(expr).fraction.up.is_zero():
        return True
    try:
        unbounded, _ = on_half_lines(expr, domain)
        return unbounded != expr and bool(NormalForm(unbounded).fraction.up.is_zero())
    except (Undecidable, ValueError):  # a derivative cannot be written on a half line
        return False


@lru_cache(maxsize=8192)  # by all that the answer depends on: a derivation asks for the sign of one norm many times
def sign(expr: sp.Expr, domain: Domain) -> Sign | None:
    """``(s, strict)`` with ``s * expr >= 0`` (``> 0`` if strict) wherever defined, or ``None`` if not certified."""
    try:
        expr = domain.apply(expr)
        plain = _of_normal_form(expr)
        if plain is not None and (plain[1] or plain[0] == 0):
            return plain
        unbounded, ends = on_half_lines(expr, domain)
        inside = _of_normal_form(unbounded)
    except (Undecidable, ValueError):
        return None
    if inside is None or not inside[1]:
        return plain or inside
    # the far end of a closed range is reached only in the limit, where a strict sign may be lost
    return inside[0], len(ends) <= _CORNERS and all(sign(e, domain) == (inside[0], True) for e in ends)


def nonnegative(expr: sp.Expr, domain: Domain) -> bool:
    """Whether ``expr >= 0`` is certified wherever it is defined."""
    found = sign(expr, domain)
    return found is not None and found[0] >= 0


def _of_normal_form(expr: sp.Expr) -> Sign | None:
    form = NormalForm(expr)
    if form.fraction.up.is_zero():
        return 0, False
    up, down = _of_polynomial(form, form.fraction.up), _of_polynomial(form, form.fraction.down)
    return None if up is None or down is None else (up[0] * down[0], up[1])


def _of_polynomial(form: NormalForm, poly: fmpq_mpoly) -> Sign | None:
    """By its coefficients, or else by those of its factors, even powers of which are not negative."""
    for s in (1, -1):
        if form.is_nonnegative(s * poly):
            return s, form.is_positive(s * poly)
    content, factors = factored(poly)
    s, strict = 1 if content > 0 else -1, True
    for factor, times in factors:
        known = None if len(factors) == times == 1 else _of_polynomial(form, factor)
        if times % 2 == 0:
            known = 1, known is not None and known[1]
        if known is None:
            return None
        s, strict = s * known[0], strict and known[1]
    return s, strict


def on_half_lines(expr: sp.Expr, domain: Domain) -> tuple[sp.Expr, list[sp.Expr]]:
    """Map every bounded variable onto a half line, where the signs of coefficients decide.

    ``low <= x <= high`` becomes ``x = low + (high - low) t/(1 + t)`` with ``t >= 0``; besides, the expressions at
    right ends that belong to their range, which ``t`` reaches only in the limit. What depends on a summation index
    becomes a function of it, and of it only what is true at every index (its own ``bounds``) is used.
    """
    indices, ends = {limit[0] for total in expr.atoms(sp.Sum) for limit in total.limits}, list[sp.Expr]()
    domain = domain.forgetting(indices)
    for _ in range(32):
        atoms = [a for a in expr.atoms(sp.Symbol, sp.Function) - indices if is_atom(a) and _is_bounded(a, domain)]
        if not atoms:
            return expr, ends
        atom = max(atoms, key=lambda a: (_depth(a, domain, ()), not a.is_Symbol, str(a)))
        box, bound = domain.interval(atom), sorted(atom.free_symbols & indices, key=str)
        positive = True if box.low_open and box.high_open else None
        t = sp.Dummy("t", positive=positive, nonnegative=True)
        if bound:
            t = sp.Function(f"t{t.dummy_index}", positive=positive, nonnegative=True)(*bound)
        if box.low != -sp.oo and box.high != sp.oo and not box.high_open:
            ends.append(sp.S.Zero if bound else substitute(expr, {atom: box.high}))
        if box.low == -sp.oo:
            value = box.high - t
        else:
            value = box.low + (t if box.high == sp.oo else (box.high - box.low) * t / (1 + t))
        expr = expr.xreplace({atom: value}) if bound else substitute(expr, {atom: value})
    raise Undecidable("too many ranges")


def _is_bounded(atom: sp.Expr, domain: Domain) -> bool:
    """Whether the atom's own assumptions say less than its range."""
    box = domain.interval(atom)
    if atom.is_extended_nonnegative and box.ends == (0, sp.oo):
        return bool(box.low_open and not atom.is_extended_positive)
    return box.ends != (-sp.oo, sp.oo)


def _depth(atom: sp.Expr, domain: Domain, path: tuple[sp.Expr, ...]) -> int:
    """Variables whose ends mention others are replaced first."""
    if atom in path:
        raise Undecidable("ranges depend on each other in a circle")
    others = set().union(*(end.atoms(sp.Symbol, sp.Function) for end in domain.interval(atom).ends))
    return max((1 + _depth(o, domain, (*path, atom)) for o in others if is_atom(o)), default=0)
