"""Expressions as a mathematician writes them: short terms and parameters first, ``ln``, ``e^x``.

Method names are those that SymPy's printer looks for.
"""

# ruff: noqa: N802

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from theory.typesetting.bound import apart
from theory.typesetting.factors import dimension_last, drawn_out, joined_roots, number_of, power_of, powers_joined

_GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "kappa", "lambda", "mu", "rho", "sigma", "tau", "xi"}
_FUNCTIONS = {"acos": r"\arccos", "asin": r"\arcsin", "atan": r"\arctan", "erf": r"\operatorname{erf}"}
_TALL = (r"\frac", r"\sum", r"\sqrt", r"\left", "^{")
_SHORT = 3  # terms, of a sum that is written over one number
_SINGLE = re.compile(r"([_^])\{([0-9A-Za-z*+-])\}(?![0-9])")


def latex(expr: Any) -> str:
    """LaTeX of an expression, without dollar signs; the same text in every process."""
    return _written(sp.sympify(expr, strict=True))


def slashed(expr: Any) -> str:
    """The same in a line or an index, where a fraction with a bar would be too small to be read: ``1/\\eta``."""
    return tidy(_Writer(inline=True).doprint(sp.sympify(expr, strict=True)))


@lru_cache(maxsize=20_000, typed=True)  # a page, a paper and a notebook ask for the same formulas, and more than once
def _written(expr: sp.Basic) -> str:
    return tidy(_Writer().doprint(apart(expr)))


def tidy(text: str) -> str:
    """LaTeX without the braces that a single letter or digit does not need."""
    return _SINGLE.sub(r"\1\2", text)


class _Writer(LatexPrinter):
    """SymPy's printer with this project's order of terms and factors."""

    def __init__(self, *, inline: bool = False) -> None:
        super().__init__({"ln_notation": True, "inv_trig_style": "full"})
        self._inline = inline  # inside an exponent fractions are slashed

    def _add_parens(self, s: str) -> str:
        return rf"\left({s}\right)" if any(mark in s for mark in _TALL) else f"({s})"

    def _print_Add(self, expr: sp.Expr, order: object = None) -> str:  # noqa: ARG002
        shared = number_of(expr)
        if len(expr.args) <= _SHORT and all(term.as_coeff_Mul()[0].q == shared.q > 1 for term in expr.args):
            whole = sp.Add(*(term / shared for term in expr.args))  # (x + y)/2, not x/2 + y/2
            above = self._product([sp.Integer(shared.p), whole][shared.p == 1 :])
            if r"\frac" not in above:
                return self._quotient(above, str(shared.q), 1, 1)
        first, *rest = (self._print(t) for t in sorted(expr.args, key=_term_order))
        return str(first) + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in rest)

    def _print_Mul(self, expr: sp.Expr) -> str:
        factors = _inner_products(joined_roots(powers_joined(drawn_out(sp.Mul.make_args(expr)))))
        number = sp.Mul(*(f for f in factors if f.is_Rational))
        above = [f for f in factors if not f.is_Rational and not _below(f)]
        below = [_inverse(f) for f in factors if not f.is_Rational and _below(f)]
        sums = [f for f in above if isinstance(f, sp.Sum)]
        apart = [f for f in above if (below or number.q != 1) and self._is_tall(f)]
        above = [f for f in above if f not in sums and f not in apart]
        p, q = abs(int(number.p)), int(number.q)
        top = self._product(([sp.Integer(p)] if p != 1 else []) + sorted(above, key=_factor_order))
        bottom = self._product(([sp.Integer(q)] if q != 1 else []) + sorted(below, key=_factor_order))
        body = self._quotient(top, bottom, len(above) + (p != 1), len(below) + (q != 1)) if bottom else top
        written = [str(self._print(s)) for s in sums]
        number *= (-1) ** sum(s.startswith("-") for s in written)
        written = [s.removeprefix("-") for s in written]
        brackets = [self.parenthesize(f, PRECEDENCE["Mul"]) for f in sorted(apart, key=_factor_order)]
        tail = " ".join(["", *brackets, *map(self._add_parens, written[:-1]), *written[-1:]])
        return ("-" if number < 0 else "") + ((body + tail).strip() or "1")

    def _is_tall(self, factor: sp.Expr) -> bool:
        """Whether a factor is a bracket or a logarithm with a fraction in it: such a one stands behind a fraction, not on top of it."""
        base = factor.base if factor.is_Pow else factor
        return not self._inline and (base.is_Add or isinstance(base, sp.log)) and r"\frac" in str(self._print(factor))

    def _product(self, factors: Sequence[sp.Expr]) -> str:
        """Factors side by side; sums of terms in parentheses unless they stand alone."""
        if len(factors) == 1:
            return str(self._print(factors[0]))
        text = ""
        for factor in dimension_last(factors):
            piece = self.parenthesize(factor, PRECEDENCE["Mul"])
            applied = text.split(" ")[-1] == "d" and piece.startswith((r"\ln", "e^"))  # no differential of a logarithm
            glue = r" \cdot " if piece[0].isdigit() or applied else r" \, " if r"\partial" in piece else " "
            text = f"{text}{glue}{piece}" if text else piece
        return text

    def _quotient(self, top: str, bottom: str, above: int, below: int) -> str:
        if not self._inline:
            return rf"\frac{{{top or '1'}}}{{{bottom}}}"
        several = above == 1 and (" + " in top or " - " in top)
        top = f"({top})" if several else top or "1"
        return f"{top}/({bottom})" if below > 1 or " " in bottom else f"{top}/{bottom}"

    def _print_Pow(self, expr: sp.Expr) -> str:
        base, exponent = expr.base, expr.exp
        if _below(expr):
            return self._print_Mul(expr)
        if exponent == sp.Rational(1, 2):
            return rf"\sqrt{{{self._print(base)}}}"
        text = self._exponent(exponent)
        if isinstance(base, sp.Sum) and exponent.is_even and base.function.could_extract_minus_sign():
            base = base.func(-base.function, *base.limits)
        if base.is_Function:
            return str(self._print(base, exp=text))
        body = self.parenthesize(base, PRECEDENCE["Pow"])
        return f"{self.parenthesize_super(body) if base.is_Symbol else body}^{{{text}}}"

    def _exponent(self, exponent: sp.Expr) -> str:
        if exponent.is_Rational:
            return str(exponent)
        before, self._inline = self._inline, True
        text = str(self._print(exponent))
        self._inline = before
        return text

    def _print_Rational(self, expr: sp.Rational) -> str:
        if expr.q == 1:
            return str(expr.p)
        sign = "-" if expr < 0 else ""
        return sign + (f"{abs(expr.p)}/{expr.q}" if self._inline else rf"\frac{{{abs(expr.p)}}}{{{expr.q}}}")

    def _print_ExpBase(self, expr: sp.Expr, exp: str | None = None) -> str:
        body = f"e^{{{self._exponent(expr.args[0])}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"

    def _print_log(self, expr: sp.Expr, exp: str | None = None) -> str:
        return self._applied(r"\ln", expr, exp)

    def _print_Function(self, expr: sp.Expr, exp: str | None = None) -> str:
        name = expr.func.__name__
        if isinstance(expr, AppliedUndef) and all(map(_is_index, expr.args)):
            return self._member(self._hprint_Function(name), expr.args, exp)
        return self._applied(_FUNCTIONS.get(name) or self._hprint_Function(name), expr, exp)

    def _member(self, family: str, indices: Sequence[sp.Expr], exp: str | None) -> str:
        """A family of numbers, by its index: ``p_j`` and not ``p(j)``."""
        base, _, tag = family.partition("_")
        below = ",".join([tag.strip("{}")] * bool(tag) + [str(self._print(i)) for i in indices])
        return f"{base}_{{{below}}}" + ("" if exp is None else f"^{{{exp}}}")

    def _applied(self, name: str, expr: sp.Expr, exp: str | None) -> str:
        inside = ", ".join(self._print(a) for a in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        known = name.startswith("\\") and not isinstance(expr, AppliedUndef)
        bare = known and len(expr.args) == 1 and expr.args[0].is_Symbol
        return f"{name}{power} {inside}" if bare else f"{name}{power}{self._add_parens(inside)}"

    def _print_Sum(self, expr: sp.Sum) -> str:
        body = str(self._print(expr.function))
        sign = "-" if body.startswith("-") and not expr.function.is_Add else ""
        body = self._add_parens(body) if expr.function.is_Add else body.removeprefix("-")
        ends = [tuple(map(self._print, limit)) for limit in reversed(expr.limits)]
        return sign + " ".join(rf"\sum_{{{i}={low}}}^{{{high}}}" for i, low, high in ends) + f" {body}"

    def _print_Direction(self, expr: Any) -> str:
        return str(expr.latex())


def _below(factor: sp.Expr) -> bool:
    """Whether a factor is written under the fraction bar."""
    return bool(factor.is_Pow and not isinstance(factor, sp.exp) and factor.exp.could_extract_minus_sign())


def _inverse(power: sp.Expr) -> sp.Expr:
    return power.base if power.exp == -1 else sp.Pow(power.base, -power.exp, evaluate=False)


def _inner_products(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    r"""``\lVert u\rVert \lVert v\rVert c_{uv}`` is written ``\langle u, v\rangle``; powers of the norms that are left stay."""
    powers = {f: f.as_base_exp() for f in factors if type(f.as_base_exp()[0]).__name__ == "Norm"}
    left = dict(powers.values())
    found = [f for f in factors if f not in powers]
    for c in [f for f in found if type(f).__name__ == "Cosine"]:
        norms = [norm for norm in left if norm.args[0] in c.args]
        if len(norms) == 2 and all(left[norm].is_Integer and left[norm] >= 1 for norm in norms):
            left |= {norm: left[norm] - 1 for norm in norms}
            found[found.index(c)] = _Inner(*c.args)
    return [*found, *(base**exponent for base, exponent in left.items() if exponent != 0)]


class _Inner(sp.Function):
    """An inner product, to be printed; nothing computes with it."""

    nargs = 2
    is_commutative = True

    def _latex(self, printer: Any, exp: str | None = None) -> str:  # noqa: ARG002
        inside = ", ".join(map(vector_name, self.args))
        body = rf"\langle {inside}\rangle"
        return body if exp is None else f"{body}^{{{exp}}}"


def vector_name(direction: Any) -> str:
    r"""A named vector or member of a family, without the hat of its direction: ``v_j``, ``\xi``, ``v_+``."""
    base, below = _name_parts(direction)
    return tidy(rf"{base}_{{{below}}}" if below else base)


def direction_name(direction: Any) -> str:
    r"""Likewise with the hat: ``\hat{v}_j``."""
    base, below = _name_parts(direction)
    return rf"\hat{{{base}}}_{{{below}}}" if below else rf"\hat{{{base}}}"


def _name_parts(direction: Any) -> tuple[str, str]:
    name, *indices = direction.args
    base, _, tag = str(name).partition("_")
    below = ",".join([tag] * bool(tag) + [sp.latex(i) for i in indices])
    return (rf"\{base}" if base in _GREEK else base), below


def _is_index(argument: sp.Expr) -> bool:
    return bool(argument.is_Integer or (argument.is_Symbol and argument.is_integer))


def _size(expr: sp.Basic) -> int:
    if hasattr(expr, "_latex") or not expr.args:
        return 1
    return 1 + sum(map(_size, expr.args))


def _term_order(term: sp.Expr) -> tuple[Any, ...]:
    """Positive before negative, short before long."""
    number, rest = term.as_coeff_Mul()
    size = isinstance(rest, sp.Sum), _size(rest), abs(number) != 1
    return bool(number < 0), *size, sp.default_sort_key(term)


def _factor_order(factor: sp.Expr) -> tuple[Any, ...]:
    """Numbers, parameters (Greek), brackets of these, variables, norms, cosines, roots, brackets, others."""
    base, power = power_of(factor)
    parameters = bool(base.free_symbols) and all(map(_is_parameter, base.free_symbols))
    kinds = [
        bool(base.is_number),
        bool(base.is_Symbol) and parameters and bool(power.is_Integer),
        bool(base.is_Add) and parameters and bool(power.is_Integer),
        bool(base.is_Symbol) and (bool(power.is_Integer) or not power.is_Rational),
        type(base).__name__ in ("Norm", "_Inner"),
        type(base).__name__ == "Cosine",
        hasattr(base, "_latex"),
        not base.is_Add and not base.is_Function,
        bool(base.is_Add),
        True,
    ]
    return kinds.index(True), sp.default_sort_key(factor)


def _is_parameter(symbol: sp.Symbol) -> bool:
    return str(symbol).split("_")[0] in _GREEK
