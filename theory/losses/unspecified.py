"""Any loss at all: ``L(r, c_1, ..., c_n)`` with ``n`` a symbol, known only through its partial derivatives.

With ``v_1 ... v_n`` an orthonormal basis the cosines are the coordinates of ``u^``, so every function of ``u``
is of this form; with the radial derivative 0 it is every scale-invariant one.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss
from theory.notation import candidates, u, w
from theory.vectors import Calculus, Jet

LOSS = Loss(
    name="unspecified",
    title="any loss",
    value=Jet(sp.Symbol("L"), 1, 0),
    calculus=Calculus(u, (w,), (candidates,)),
    scale_invariant=False,
)
