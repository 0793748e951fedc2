"""Losses, one a file, each answering the same questions about itself."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from theory.vectors import Calculus


@dataclass(frozen=True)
class Loss:
    """``value`` as a function of norms and cosines, and the calculus in which it is differentiated by ``u``."""

    name: str
    title: str
    value: sp.Expr
    calculus: Calculus
    scale_invariant: bool
