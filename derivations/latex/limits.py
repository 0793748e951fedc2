"""A limit that the kernel found, or the term by which something grows, factored: as it would be written down in a line."""

from __future__ import annotations

import re
from collections.abc import Collection

import sympy as sp

from derivations.latex.printed import printed_latex
from theory.typeset import slashed
from theory.vectors import Norm, direction

_ATOM = re.compile(r"\|(?P<norm>\w+)\||(?P<name>[A-Za-z]+\d*(?:_(?:\w+|[-+*](?![\w(])))?'*)(?P<call>\()?")
_FUNCTIONS = {"sqrt": sp.sqrt, "log": sp.log, "exp": sp.exp, "Abs": sp.Abs}
# One power or norm below a slash.
_BARE = re.compile(r"/\(((?:\\?[A-Za-z]+(?:_[\w*])?|\\lVert \w\\rVert|\([^()]*\))\^(?:\w|\{[^{}]*\})|\\lVert \w\\rVert)\)")
_MOST = 600  # characters: what is longer is left as it is


def limit_latex(text: str, positive: Collection[str] = ()) -> str:
    """The kernel's text as LaTeX, factored where it can be read; the letters of ``positive`` are known to be that."""
    try:
        return _BARE.sub(r"/\1", slashed(_factored(sp.sympify(_read(text, positive)))))
    except (SyntaxError, TypeError, ValueError):  # a function of the law's own, or nothing that SymPy reads
        return printed_latex(text)


def _read(text: str, positive: Collection[str]) -> sp.Expr:
    """The expression, whatever SymPy has under the names of its letters; `ValueError` for what is more than a few functions of them."""
    atoms: dict[str, sp.Expr] = {}

    def named(found: re.Match[str]) -> str:
        if found["call"] or found[0] == "pi":
            if found["call"] and found["name"] not in _FUNCTIONS:
                raise ValueError(f"{found['name']} is a function")
            return found[0]
        own = Norm(direction(found["norm"])) if found["norm"] else sp.Symbol(found["name"], positive=found["name"] in positive or None)
        atoms[name := f"atom_{sp.srepr(own).encode().hex()}"] = own
        return name

    if len(text) > _MOST:
        raise ValueError("too long to be factored at a glance")
    return sp.sympify(_ATOM.sub(named, text), locals={**_FUNCTIONS, **atoms})


def _factored(expression: sp.Expr) -> sp.Expr:
    """Factored, with ``1 - beta`` for ``beta - 1``; logarithms stay whole."""
    if expression.has(sp.log):
        return expression
    sign, factors = sp.S.One, list[sp.Expr]()
    for factor in sp.Mul.make_args(sp.factor(expression)):
        base, power = factor.as_base_exp()
        turned = isinstance(base, sp.Add) and bool(base.as_coeff_Add()[0].is_negative and power.is_integer)
        sign *= (-1) ** power if turned else factor if factor.is_Rational else sp.S.One
        factors += [(-base) ** power] if turned else [] if factor.is_Rational else [factor]
    return sp.Mul(*([] if sign == 1 and factors else [sign]), *factors, evaluate=False)
