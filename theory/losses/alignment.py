"""Alignment (Wang and Isola 2020), exponent 2: ``|u^ - v_+^|^2 = 2 - 2 cos``, the mean over ``n`` positive pairs, of one of them."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, roles
from theory.notation import n, positive_candidate, u
from theory.vectors import Calculus, Cosine

LOSS = Loss(
    name="alignment",
    title="alignment",
    value=(2 - 2 * Cosine(u, positive_candidate)) / n,
    calculus=Calculus(u, (positive_candidate,)),
    scale_invariant=True,
    arguments=roles(u, {"its positive": positive_candidate}, {}),
    slopes={"positive": Slope(positive_candidate, sp.S.Zero, sp.Integer(2))},
    weight=1 / n,
    total=2 / n,
    letters="$n$ is the number of positive pairs",
)
