"""Partial derivatives of an unspecified loss, as atoms."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str


class Jet(sp.Function):
    """A partial derivative of an unspecified loss: ``(loss, scale, radial order, *angular indices)``.

    At a point its values are free, because every finite jet is the jet of a smooth function. ``scale`` is the
    factor ``c`` when the loss is looked at from ``c u``.
    """

    is_extended_real = True
    is_real = True
    is_free = True

    @classmethod
    def eval(cls, name: sp.Basic, scale: sp.Expr, radial: sp.Integer, *indices: sp.Basic) -> sp.Expr | None:
        ordered = (Str(str(name)), scale, radial, *sorted(indices, key=sp.default_sort_key))
        return cls(*ordered, evaluate=False) if ordered != (name, scale, radial, *indices) else None

    def on_the_sphere(self) -> sp.Expr:
        """What ``L(c u) = L(u)`` makes of it: no radial derivative, the same jet at every scale."""
        name, scale, radial, *indices = self.args
        if not scale.is_positive:  # the hypothesis is about positive factors
            return self
        return sp.S.Zero if radial > 0 else Jet(name, 1, 0, *indices)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        name, scale, radial, *indices = self.args
        below = "r" * int(radial) + "".join(sp.latex(i.args[-1]) for i in indices)
        at = "" if scale == 1 else rf"|_{{{sp.latex(scale)}u}}"
        body = rf"\partial_{{{below}}}{name}{at}" if below else f"{name}{at}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"
