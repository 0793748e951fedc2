"""Cosine regression, ``mean_j |u^ - v_j^|^2 = mean_j (2 - 2 cos)``: BYOL and SimSiam have one target.

Both stop the gradient at the target; A7 says what it would be. Symmetrised, each view is once the embedding.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, roles
from theory.notation import candidates, n, u
from theory.vectors import Calculus, Cosine

MEMBER = candidates.member(candidates.index)

LOSS = Loss(
    name="cosine_regression",
    title="cosine regression",
    value=candidates.total(2 - 2 * Cosine(u, MEMBER)) / n,
    calculus=Calculus(u, (), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {}, {"a target": candidates}),
    slopes={"target": Slope(MEMBER, sp.S.Zero, sp.Integer(2), candidates)},
    weight=1 / n,
    total=sp.Integer(2),
    letters="$n$ is the number of targets",
)
